package dev.ninetunnel.cli;

import dev.ninetunnel.client.Login;
import dev.ninetunnel.wire.Text;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Something that is mounted on Linux, as {@code /proc/self/mountinfo} lists it (proc_pid_mountinfo(5)).
 *
 * @param source what {@code mount} and {@code df} show in front
 * @param options of the file system, such as {@code user_id=1000} for who has mounted it by FUSE
 */
public record MountEntry(String directory, String type, String source, List<String> options) {
    /** What {@code mount} shows of mounts that are made here. */
    static final String OURS = "fuse.ninetunnel";
    private static final Charset NAMES = Charset.forName(System.getProperty("sun.jnu.encoding"));
    private static final Pattern ESCAPE = Pattern.compile("\\\\([0-7]{3})");
    private static final String MARK = " - ";
    private static final int DIRECTORY = 4;

    /** All, in the order in which they were mounted. */
    static List<MountEntry> all() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/mountinfo"), StandardCharsets.ISO_8859_1).stream()
                .map(MountEntry::of).toList();
    }

    /** Those which this user has made with this program; none where that cannot be told. */
    static List<MountEntry> ofThisUser() {
        try {
            String user = "user_id=" + Login.ofThisProcess(Text.EMPTY).uid();
            return all().stream().filter(mount -> mount.isOurs() && mount.options.contains(user)).toList();
        } catch (IOException _) {
            return List.of(); // it is no Linux
        }
    }

    /** A line, with a character for each byte. */
    static MountEntry of(String line) {
        int mark = line.indexOf(MARK);
        String[] file = line.substring(0, mark).split(" ", -1);
        String[] system = line.substring(mark + MARK.length()).split(" ", -1);
        return new MountEntry(text(file[DIRECTORY]), text(system[0]), text(system[1]),
                List.of(system[2].split(",", -1)));
    }

    /** Without the escapes of what would break the line. */
    private static String text(String word) {
        String bytes = ESCAPE.matcher(word).replaceAll(
                m -> Matcher.quoteReplacement(Character.toString(Integer.parseInt(m.group(1), 8))));
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), NAMES);
    }

    /** Whether this program has mounted it. */
    boolean isOurs() {
        return type.equals(OURS);
    }

    /** Whether it is a peer's, and so needs an endpoint. */
    boolean isOfPeer() {
        return !source.startsWith("tcp:") && !source.startsWith("unix:");
    }
}
