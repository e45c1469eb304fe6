package dev.ninetunnel.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ninetunnel.client.Offer;
import dev.ninetunnel.export.Export;
import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.link.dial.Destination;
import dev.ninetunnel.link.dial.Proxy;
import dev.ninetunnel.link.dial.ProxyCredentials;
import dev.ninetunnel.testing.Daemons;
import dev.ninetunnel.testing.EndpointPair;
import dev.ninetunnel.testing.RoundTrip;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Endpoints whose link goes through a real proxy, or over ssh. */
class FirewallIT {
    private static final ProxyCredentials KNOWN = new ProxyCredentials(Daemons.USER, Daemons.PASSWORD);

    @TempDir
    private Path folder;
    private Daemons daemons;
    private EndpointPair pair;
    private int port;

    @BeforeEach
    void prepare() throws Exception {
        daemons = new Daemons(Files.createDirectory(folder.resolve("daemons")));
        Export south = EndpointPair.directory(folder.resolve("south"));
        Export north = EndpointPair.directory(folder.resolve("north"));
        pair = new EndpointPair(folder, List.of(north), List.of(south));
        InetSocketAddress address = pair.south().listen(new HostPort("127.0.0.1", 0));
        port = address.getPort();
    }

    @AfterEach
    void stop() {
        pair.close();
        daemons.close();
    }

    private Destination through(String proxy, ProxyCredentials who) {
        Proxy parsed = Proxy.parse(proxy);
        return new Destination.Proxied(new HostPort("localhost", port),
                who == null ? parsed : parsed.withCredentials(who));
    }

    private void works(Destination way) throws Exception {
        pair.north().dial(way, "south");
        pair.awaitLinked();
        RoundTrip.through(pair.southsFiles(), Offer.any(), "", folder.resolve("south"));
        RoundTrip.through(pair.northsFiles(), Offer.any(), "", folder.resolve("north"));
    }

    private void refused(Destination way, String... words) {
        assertThatThrownBy(() -> pair.north().dial(way, "south")).isInstanceOfSatisfying(EndpointException.class,
                e -> assertThat(e.kind()).isEqualTo(EndpointException.Kind.NOT_ALLOWED))
                .message().contains(words).doesNotContain(Daemons.PASSWORD);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("a link goes through squid, with a password by Basic or by Digest, and not without")
    void squid(boolean digest) throws Exception {
        String squid = "http://127.0.0.1:" + daemons.squid(digest);
        refused(through(squid, null), "407", "--proxy-credentials");
        refused(through(squid, new ProxyCredentials(Daemons.USER, "wrong")), "407", "'ann'");
        refused(new Destination.Proxied(new HostPort("localhost", 1), Proxy.parse(squid).withCredentials(KNOWN)),
                "403");
        assertThatThrownBy(() -> pair.north().dial(new Destination.Proxied(new HostPort("no-such-host.invalid", 443),
                Proxy.parse(squid).withCredentials(KNOWN)), "south"))
                .hasMessageContaining("when it was asked to connect to no-such-host.invalid:443");
        works(through(squid, KNOWN));
    }

    @Test
    @DisplayName("a link goes through tinyproxy with a password")
    void tinyproxy() throws Exception {
        works(through("http://127.0.0.1:" + daemons.tinyproxy(), new ProxyCredentials(Daemons.USER, "simple")));
    }

    @Test
    @DisplayName("a link goes through a SOCKS5 server with a password, and not without")
    void socks() throws Exception {
        String socks = "socks5://127.0.0.1:" + daemons.socks();
        refused(through(socks, null), "wants to know who this is");
        refused(through(socks, new ProxyCredentials(Daemons.USER, "wrong")), "does not accept");
        works(through(socks, KNOWN));
    }

    @Test
    @DisplayName("a link goes over 'ssh -W', and is made anew when that is killed")
    void ssh() throws Exception {
        String ssh = daemons.ssh();
        assertThatThrownBy(() -> pair.north().dial(new Destination.Via(ssh + " -W 127.0.0.1:1"), "south"))
                .hasMessageContaining("exit code");
        works(new Destination.Via(ssh + " -W 127.0.0.1:" + port));
        String link = pair.south().status().serving().getFirst().link();
        assertThat(link).contains("127.0.0.1");
        ProcessHandle.current().descendants()
                .filter(p -> p.info().commandLine().orElse("").contains("-W 127.0.0.1:" + port))
                .forEach(ProcessHandle::destroyForcibly);
        await().atMost(Duration.ofMinutes(2)).until(() -> pair.south().status().serving().stream()
                .anyMatch(s -> !s.link().equals(link)));
        pair.awaitLinked();
    }
}
