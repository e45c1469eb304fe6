import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * Makes the cache from which the JVM starts the program (JEP 483, 514 and 515). It is of use only to a JVM that has the same class
 * path as the one that was trained. So {@code Training.java} is compiled here, and is an agent of that JVM: an agent's jar is no
 * part of the class path. The JVM does then have the module of agents among those that are asked for, and the launcher asks for
 * it, too.
 *
 * <p>Run by the build: {@code java AotCache.java JAR TRAINING CACHE [JAVA_HOME]}, with the JVM that the cache is for where that is
 * another. Ends with 0 without a cache where the program cannot be
 * trained, for instance where it may not listen; the program then starts slower.
 */
@SuppressWarnings("DefaultPackage") // It is a program of one file.
final class AotCache {
    private static final String AGENT = "dev.ninetunnel.cli.Training";
    private static final String MAIN = "dev.ninetunnel.cli.Main";

    private AotCache() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        Path jar = Path.of(args[0]);
        Path cache = Path.of(args[2]);
        Files.deleteIfExists(cache);
        Path room = Files.createTempDirectory("ninetunnel-aot");
        try {
            Path agent = agent(room, jar, Path.of(args[1]));
            String home = args.length > 3 ? args[3] : System.getProperty("java.home");
            int code = new ProcessBuilder(Path.of(home, "bin", "java").toString(),
                    "-XX:+UseSerialGC", "-XX:AOTCacheOutput=" + cache, "-Dio.netty.jfr.enabled=false",
                    "--sun-misc-unsafe-memory-access=allow", "-javaagent:" + agent, "-cp", jar.toString(), MAIN)
                    .inheritIO().start().waitFor();
            System.out.println(Files.exists(cache) ? "made " + cache : "made no cache: the training ended with " + code);
        } finally {
            remove(room);
        }
    }

    private static Path agent(Path room, Path jar, Path source) throws IOException {
        Path classes = room.resolve("classes");
        int code = ToolProvider.findFirst("javac").orElseThrow().run(System.out, System.err, "-proc:none", "-cp",
                jar.toString(), "-d", classes.toString(), source.toString());
        if (code != 0) {
            throw new IOException(source + " does not compile");
        }
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", AGENT);
        Path agent = room.resolve("training.jar");
        try (OutputStream file = Files.newOutputStream(agent);
                JarOutputStream out = new JarOutputStream(file, manifest);
                Stream<Path> all = Files.walk(classes)) {
            for (Path made : all.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(made).toString()));
                Files.copy(made, out);
            }
        }
        return agent;
    }

    private static void remove(Path room) throws IOException {
        List<Path> all;
        try (Stream<Path> walked = Files.walk(room)) {
            all = walked.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : all) {
            Files.delete(file);
        }
    }
}
