package dev.ninetunnel.fs.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** That no system call is made by path on behalf of a peer, except beneath a descriptor: read off the sources. */
class PathLintTest {
    private static final List<Path> SOURCES = List.of(Path.of("src/main/java/dev/ninetunnel/fs/linux"),
            Path.of("src/main/java/dev/ninetunnel/fs/local"), Path.of("src/main/java/dev/ninetunnel/linux"));

    private record Line(String file, String text) {}

    /** Statements, each on a line whatever its length. */
    private static List<Line> lines() throws IOException {
        List<Line> all = new ArrayList<>();
        for (Path room : SOURCES) {
            try (Stream<Path> files = Files.list(room)) {
                files.forEach(f -> code(f).map(l -> new Line(f.getFileName().toString(), l)).forEach(all::add));
            }
        }
        return all;
    }

    /** Without comments. */
    private static Stream<String> code(Path file) {
        try {
            String all = Files.readAllLines(file).stream().map(String::strip)
                    .filter(l -> !l.startsWith("*") && !l.startsWith("/*") && !l.startsWith("//"))
                    .collect(Collectors.joining(" "));
            return Stream.of(all.split("(?<=[;{}])"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<Line> having(String pattern) throws IOException {
        Pattern p = Pattern.compile(pattern);
        return lines().stream().filter(l -> p.matcher(l.text()).find()).toList();
    }

    @Test
    void theOnlyAbsolutePathsAreLinksOfOpenDescriptors() throws IOException {
        assertThat(having("\"[^\"]*/[^\"]*\"")).filteredOn(l -> !l.text().contains("LOG."))
                .extracting(l -> l.text().strip().replaceAll(".*= ", "")).containsExactlyInAnyOrder(
                        "\"/proc/self/fd/\".getBytes(StandardCharsets.US_ASCII);",
                        "return Path.of(\"/proc/self/fd/\" + fd);",
                        "\"/\".getBytes(StandardCharsets.US_ASCII);");
    }

    /** And for files of the user's own, which commands read and write and nobody serves. */
    @Test
    void aPathIsOpenedForTheExportersRootAlone() throws IOException {
        assertThat(having("openPath\\(")).extracting(Line::file).containsOnly("DescriptorCalls.java", "RootPath.java",
                "Linux.java", "OpenDirectory.java", "DataSeeker.java");
        assertThat(having("DescriptorCalls\\.openPath\\(")).hasSize(4);
    }

    @Test
    void callsWithoutADirectoryTakeTheLinkOfADescriptor() throws IOException {
        assertThat(having("NO_DIRECTORY")).filteredOn(l -> !l.text().contains("int NO_DIRECTORY ="))
                .filteredOn(l -> !l.text().contains("NO_DIRECTORY, s.openFile(fd)")).singleElement()
                .satisfies(l -> assertThat(l.text()).contains("OPENAT.call(s, NO_DIRECTORY, s.name(path)"));
    }

    @Test
    void callsThatTakeAPathAloneTakeTheLinkOfADescriptor() throws IOException {
        assertThat(having("\\b(TRUNCATE|GETXATTR|SETXATTR|LISTXATTR|REMOVEXATTR)\\.call")).hasSize(5)
                .allSatisfy(l -> assertThat(l.text()).contains("s.openFile(fd)"));
    }

    /** What else is bound would be another shape of function, for which the JVM makes code at every start. */
    @Test
    void everySystemCallGoesThroughOneBinding() throws IOException {
        assertThat(having("invokeExact|Native\\.bind")).extracting(Line::file).containsOnly("Syscall.java",
                "Accounts.java",
                "Privileges.java");
    }

    @Test
    void noOtherWayToFilesIsUsed() throws IOException {
        assertThat(having("java\\.nio\\.file\\.Files|java\\.io\\.File|FileChannel")).isEmpty();
    }
}
