package dev.ninetunnel.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/** Counts the TCP connections of this machine, as Linux lists them in proc_net_tcp. */
final class Connections {
    /** Where the list is. */
    static final String SOURCE = "/proc/net/tcp";

    private static final String ESTABLISHED = "01";

    private Connections() {}

    /** How many connections have been accepted at this local port and are established; -1 where that is not told. */
    static int atPort(int port) {
        try {
            return (int) (count(Path.of(SOURCE), port) + count(Path.of(SOURCE + "6"), port));
        } catch (IOException e) {
            return -1;
        }
    }

    /** Lines are {@code sl: LOCAL:PORT REMOTE:PORT STATE ...}; an accepted socket has the port it was accepted at. */
    private static long count(Path list, int port) throws IOException {
        String suffix = String.format(Locale.ROOT, ":%04X", port);
        try (Stream<String> lines = Files.lines(list)) {
            return lines.map(line -> line.strip().split("\\s+"))
                    .filter(words -> words.length > 3 && words[1].endsWith(suffix) && words[3].equals(ESTABLISHED))
                    .count();
        }
    }
}
