import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.constant.ClassDesc;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;

/**
 * Brings the classes of a jar that are of a format before Java 6 to a newer one, with the stack maps that it asks for. The
 * JVM verifies older ones in the old way, and keeps none of them in the cache that makes a start fast.
 *
 * <p>Run by the build: {@code java NewerClasses.java JAR}.
 */
@SuppressWarnings("DefaultPackage") // It is a program of one file.
final class NewerClasses {
    /** The first format with stack maps, of Java 6. */
    private static final int STACK_MAPS = 50;
    /** Of Java 8. */
    private static final int NEWER = 52;
    private static final int MAGIC_AND_VERSION = 8;

    private final Path root;
    private final ClassFile format;

    private NewerClasses(Path root) {
        this.root = root;
        this.format = ClassFile.of(ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
                ClassFile.ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofResourceParsing(this::bytes)
                        .orElse(ClassHierarchyResolver.defaultResolver())));
    }

    public static void main(String[] args) throws IOException {
        try (FileSystem jar = FileSystems.newFileSystem(Path.of(args[0]))) {
            new NewerClasses(jar.getPath("/")).convert();
        }
    }

    private void convert() throws IOException {
        List<Path> old;
        try (Stream<Path> all = Files.walk(root)) {
            old = all.filter(file -> file.toString().endsWith(".class")).filter(NewerClasses::isOld).toList();
        }
        // All are made before any is written, as each may be looked up for another's sake.
        List<byte[]> made = old.stream().map(this::converted).toList();
        for (int i = 0; i < made.size(); i++) {
            FileTime written = Files.getLastModifiedTime(old.get(i));
            Files.write(old.get(i), made.get(i));
            Files.setLastModifiedTime(old.get(i), written); // or the jar would differ from one build to the next
        }
        System.out.println(made.size() + " classes are of a newer format now");
    }

    private static boolean isOld(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] start = in.readNBytes(MAGIC_AND_VERSION);
            return (((start[6] & 0xff) << 8) | (start[7] & 0xff)) < STACK_MAPS;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] converted(Path file) {
        try {
            ClassTransform code = ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL);
            return format.transformClass(format.parse(Files.readAllBytes(file)), code.andThen(
                    ClassTransform.endHandler(builder -> builder.withVersion(NEWER, 0))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private InputStream bytes(ClassDesc type) {
        String name = type.descriptorString();
        Path file = root.resolve(name.substring(1, name.length() - 1) + ".class");
        try {
            return Files.exists(file) ? Files.newInputStream(file) : null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
