package dev.ninetunnel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.endpoint.Endpoint;
import dev.ninetunnel.endpoint.EndpointConfig;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerFile;
import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.testing.RawHttp;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What commands ask of an endpoint that runs: its page, and that it ends a link. */
class UiCommandTest {
    @TempDir
    private Path folder;

    private record Said(int code, String out, String err) {}

    private Said type(String... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] all = Arrays.copyOf(words, words.length + 2);
        all[words.length] = "--home=" + folder;
        all[words.length + 1] = "--run=" + folder.resolve("run");
        int code = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), all);
        return new Said(code, out.toString(), err.toString());
    }

    private Endpoint endpoint() throws Exception {
        Endpoint endpoint = Endpoint.open(new EndpointConfig(folder, folder.resolve("run"),
                EndpointConfig.DEFAULT_MSIZE, List.of(), EndpointConfig.Limits.DEFAULT));
        new PeerFile(folder).add(new Peer(endpoint.id(), "ann"));
        endpoint.listen(new HostPort("127.0.0.1", 0));
        return endpoint;
    }

    private static String get(String address) throws IOException {
        URI uri = URI.create(address.strip());
        return RawHttp.get(new InetSocketAddress(uri.getHost(), uri.getPort()), uri.getPath() + "?" + uri.getQuery());
    }

    @Test
    @DisplayName("ui prints the one address that opens the page, another each time")
    void ui() throws Exception {
        try (Endpoint _ = endpoint()) {
            Said first = type("ui");
            Said second = type("ui");
            assertThat(first.err()).isEmpty();
            assertThat(first.out()).matches("http://127\\.0\\.0\\.1:\\d+/\\?token=[\\w-]{43}\n")
                    .isNotEqualTo(second.out());
            assertThat(get(first.out())).startsWith("HTTP/1.1 303 ");
            assertThat(get(second.out())).startsWith("HTTP/1.1 303 ");
        }
    }

    @Test
    @DisplayName("where the page is served already, it says that another port is not taken")
    void servedElsewhere() throws Exception {
        try (Endpoint _ = endpoint()) {
            String port = Integer.toString(URI.create(type("ui").out().strip()).getPort());
            assertThat(type("ui", "--listen", port).err()).isEmpty();
            Said other = type("ui", "--listen", port.equals("9641") ? "9642" : "9641");
            assertThat(other.out()).startsWith("http://127.0.0.1:" + port + "/");
            assertThat(other.err()).contains("at port " + port + " already");
            assertThat(other.code()).isZero();
        }
    }

    @Test
    @DisplayName("a place that others can reach is refused before the endpoint is asked, and so is what is no port")
    void elsewhere() {
        assertThat(type("ui", "--listen", "*:9641").err()).contains("is for this host alone");
        assertThat(type("ui", "--listen", "here").err()).contains("here has no port");
    }

    @Test
    @DisplayName("disconnect says whether there is such a peer; both commands say where no endpoint runs")
    void disconnect() throws Exception {
        try (Endpoint _ = endpoint()) {
            assertThat(type("disconnect", "ann")).isEqualTo(new Said(0, "ann is disconnected\n", ""));
            Said nobody = type("disconnect", "bob");
            assertThat(nobody.err()).contains("there is no peer of the name 'bob'", "ninetunnel status");
            assertThat(nobody.code()).isEqualTo(78);
        }
        for (String command : List.of("ui", "disconnect ann")) {
            Said alone = type(command.split(" ", -1));
            assertThat(alone.err()).contains("no endpoint answers", "ninetunnel up");
            assertThat(alone.code()).isEqualTo(69);
        }
    }
}
