package dev.ninetunnel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.endpoint.EndpointException;
import dev.ninetunnel.identity.IdentityException;
import dev.ninetunnel.testing.EndpointPair;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("the file commands, through two endpoints")
class FileCommandsThroughTunnelTest {
    private static final int FILES = 200;

    @TempDir
    Path room;

    /** Types a command at the host whose endpoint posts this socket; returns what it says. */
    private static String type(Path socket, String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.add("--run=" + socket.getParent());
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), all.toArray(String[]::new));
        assertThat(err.toString()).isEmpty();
        assertThat(code).isZero();
        return out.toString();
    }

    @Test
    @DisplayName("each host lists, gets, puts and removes files of the other, and leaves nothing behind")
    void bothWays() throws IOException, EndpointException, IdentityException, InterruptedException {
        try (EndpointPair pair = EndpointPair.linked(room)) {
            assertThat(type(pair.southsFiles(), "peers", "-l", "--home=" + room.resolve("home-north")))
                    .matches("south +\\S+ s ago +[0-9a-f]{64} linked\\R +may use here: north rw\\R");
            Path tree = Files.createDirectories(room.resolve("south/tree/below"));
            for (int i = 0; i < FILES; i++) {
                Files.writeString(tree.resolve("f" + i), "content " + i);
            }
            Path here = Files.createDirectory(room.resolve("here"));
            assertThat(type(pair.southsFiles(), "ls", "south:").lines()).containsExactly("tree");
            type(pair.southsFiles(), "get", "-r", "south:tree", here.toString());
            type(pair.northsFiles(), "put", "-r", here.resolve("tree").toString(), "north:");
            for (int i = 0; i < FILES; i++) {
                assertThat(room.resolve("north/tree/below/f" + i)).hasContent("content " + i);
            }
            type(pair.northsFiles(), "mkdir", "-p", "north:tree/new/newer");
            assertThat(type(pair.northsFiles(), "stat", "north:tree/new/newer")).contains("Kind: directory");
            type(pair.northsFiles(), "rm", "-r", "north:tree");
            assertThat(room.resolve("north")).isEmptyDirectory();
            pair.awaitNothingLeft();
        }
    }
}
