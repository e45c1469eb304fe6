import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/**
 * Writes whose work is in the jar of the program, and under which licences: what the bill of materials says, and the notices that
 * the libraries' jars have in them.
 *
 * <p>Run by the build: {@code java Notices.java BOM TEXT -classpath CLASSPATH}. Fails where a library has a licence whose text is
 * neither in the bill of materials nor in one of the jars, and where the bill is not that of the jars. Without a bill, which Maven
 * does not make offline, it writes nothing.
 */
@SuppressWarnings("DefaultPackage") // It is a program of one file.
final class Notices {
    private static final Pattern NOTICE = Pattern.compile("META-INF/(LICENSE|NOTICE|COPYING)[^/]*");
    private static final Pattern PURL = Pattern.compile("pkg:maven/[^/]+/([^@]+)@([^?]+)\\?(?:classifier=([^&]+)&)?type=jar");
    private static final String RULE = "-".repeat(80);

    /** A library. */
    private record Library(String name, String version, Set<String> licences) {}

    private final List<Library> libraries = new ArrayList<>();
    private final Set<String> jars = new TreeSet<>();
    private final Map<String, String> texts = new TreeMap<>();
    /** The text of each notice, and the jars that have it. */
    private final Map<String, List<String>> notices = new LinkedHashMap<>();

    public static void main(String[] args) throws IOException, ParserConfigurationException, SAXException {
        Path bill = Path.of(args[0]);
        if (Files.notExists(bill)) {
            System.err.println("no " + bill + ", which is not made offline: " + args[1] + " is not written");
            return;
        }
        Notices all = new Notices();
        all.readBill(bill);
        Set<String> jars = new TreeSet<>();
        for (String jar : args[3].split(File.pathSeparator, -1)) {
            String name = Path.of(jar).getFileName().toString();
            if (jar.endsWith(".jar") && !name.startsWith("tunnel-")) {
                all.readJar(Path.of(jar));
                jars.add(name);
            }
        }
        if (!jars.equals(all.jars)) {
            throw new IOException(bill + " is of " + all.jars + ", and the program of " + jars
                    + ": remove it, and build with a network");
        }
        Files.writeString(Path.of(args[1]), all.text());
    }

    private void readBill(Path bill) throws IOException, ParserConfigurationException, SAXException {
        Element root = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(bill.toFile()).getDocumentElement();
        for (Element component : children(children(root, "components").getFirst(), "component")) {
            String group = word(component, "group");
            if (!group.equals("dev.ninetunnel")) {
                Set<String> licences = new LinkedHashSet<>();
                for (Element licence : children(children(component, "licenses").getFirst(), "license")) {
                    String name = word(licence, "id").isEmpty() ? word(licence, "name") : word(licence, "id");
                    licences.add(name);
                    if (!word(licence, "text").isEmpty()) {
                        texts.put(name, word(licence, "text"));
                    }
                }
                jars.add(jar(word(component, "purl")));
                libraries.add(new Library(group + ":" + word(component, "name"), word(component, "version"), licences));
            }
        }
    }

    /** The file of a library, by its package URL: {@code pkg:maven/GROUP/NAME@VERSION?classifier=KIND&type=jar}. */
    private static String jar(String purl) throws IOException {
        Matcher parts = PURL.matcher(purl);
        if (!parts.matches()) {
            throw new IOException(purl + " is no name of a library");
        }
        return parts.group(1) + "-" + parts.group(2) + (parts.group(3) == null ? "" : "-" + parts.group(3)) + ".jar";
    }

    private void readJar(Path file) throws IOException {
        try (JarFile jar = new JarFile(file.toFile())) {
            for (ZipEntry entry : jar.stream().filter(entry -> NOTICE.matcher(entry.getName()).matches()).toList()) {
                String text = new String(jar.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8).strip();
                notices.computeIfAbsent(text, _ -> new ArrayList<>()).add(file.getFileName().toString());
            }
        }
    }

    private String text() throws IOException {
        StringBuilder out = new StringBuilder("The program contains these libraries:\n\n");
        for (Library library : libraries) {
            out.append(library.name()).append(' ').append(library.version()).append(": ")
                    .append(String.join(" or ", library.licences())).append('\n');
            if (library.licences().stream().noneMatch(name -> texts.containsKey(name) || isNoticed(library))) {
                throw new IOException("no text of the licence of " + library);
            }
        }
        notices.forEach((text, jars) -> out.append('\n').append(RULE).append("\nIn ").append(String.join(", ", jars))
                .append(":\n\n").append(text).append('\n'));
        texts.forEach((name, text) -> out.append('\n').append(RULE).append('\n').append(name).append(":\n\n")
                .append(text.strip()).append('\n'));
        return out.toString();
    }

    /** Whether a jar of the same makers has a notice, as one of Bouncy Castle's has for all. */
    private boolean isNoticed(Library library) {
        String own = library.name().replaceFirst(".*:", "").substring(0, 2);
        return notices.values().stream().flatMap(List::stream).anyMatch(jar -> jar.startsWith(own));
    }

    private static String word(Element parent, String name) {
        List<Element> found = children(parent, name);
        return found.isEmpty() ? "" : found.getFirst().getTextContent();
    }

    private static List<Element> children(Element parent, String name) {
        List<Element> found = new ArrayList<>();
        for (Node child = parent.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element element && element.getTagName().equals(name)) {
                found.add(element);
            }
        }
        return found;
    }
}
