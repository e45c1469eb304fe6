package dev.ninetunnel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.testing.EndpointPair;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("a copy of many small files, through two endpoints")
class CopyTrafficTest {
    private static final int FILES = 400;

    @TempDir
    private Path room;

    @Test
    @DisplayName("get -r and put -r ask less than twice a file over the link")
    void messages() throws Exception {
        try (EndpointPair pair = EndpointPair.linked(room)) {
            Path tree = Files.createDirectories(room.resolve("south/tree"));
            for (int i = 0; i < FILES; i++) {
                Files.writeString(tree.resolve("f" + i), "content " + i);
            }
            Path here = Files.createDirectory(room.resolve("here"));
            long before = sent(pair);
            type(pair.southsFiles(), "get", "-r", "south:tree", here.toString());
            long got = sent(pair) - before;
            type(pair.southsFiles(), "put", "-r", here.resolve("tree").toString(), "south:copy");
            long put = sent(pair) - before - got;
            assertThat(got).as("to get").isLessThan(2 * FILES);
            assertThat(put).as("to put").isLessThan(2 * FILES);
            assertThat(room.resolve("south/copy/f7")).hasContent("content 7");
        }
    }

    private static long sent(EndpointPair pair) {
        return pair.north().status().serving().getFirst().sent().requests();
    }

    private static void type(Path socket, String... words) {
        StringWriter err = new StringWriter();
        String[] all = Stream.concat(Stream.of(words), Stream.of("--run=" + socket.getParent()))
                .toArray(String[]::new);
        assertThat(Main.run(new PrintWriter(new StringWriter()), new PrintWriter(err, true), all)).as(err.toString())
                .isZero();
    }
}
