package dev.ninetunnel.link.dial;

import static dev.ninetunnel.link.Ends.failure;
import static dev.ninetunnel.link.Ends.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.link.Ends;
import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.link.Link;
import dev.ninetunnel.link.LinkException;
import dev.ninetunnel.link.LinkLimits;
import dev.ninetunnel.link.ScriptedProxy;
import dev.ninetunnel.testing.FreePort;
import dev.ninetunnel.tls.Tls;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Links through proxies, good, strict, slow and strange. */
class ProxyConnectorTest {
    private static final String YES = "HTTP/1.1 200 Connection established\r\n\r\n";
    private static final HostPort FAR = new HostPort("far.example", 443);
    private static final ProxyCredentials ANN = new ProxyCredentials("ann", "hush");

    @TempDir
    Path folder;

    private static String ask(String challenge) {
        return "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: " + challenge
                + "\r\nContent-Length: 5\r\n\r\nNope!";
    }

    private static CompletableFuture<Link> dial(Ends ends, Proxy proxy, LinkLimits limits) {
        // Only the proxy's own name is looked up: the far host's is for the proxy.
        LinkDialler dialler = new LinkDialler(new Tls(ends.oslo, Clock.systemUTC()), limits, host -> {
            assertThat(host).isEqualTo(proxy.where().host());
            return List.of(InetAddress.ofLiteral(host));
        });
        return dialler.dial(new Destination.Proxied(FAR, proxy), ends.romeAsPeer(), ends.loops.next())
                .whenComplete((link, fault) -> {
                    if (link != null) {
                        link.close("the test is over");
                    }
                });
    }

    @Test
    @DisplayName("an HTTP proxy is given the far host's name; the link says which way it goes")
    void named() throws Exception {
        try (Ends ends = Ends.trusting(folder);
                ScriptedProxy proxy = new ScriptedProxy(ends.listen(LinkLimits.DEFAULT), YES)) {
            Link link = get(dial(ends, proxy.proxy(), LinkLimits.DEFAULT));
            assertThat(link).hasToString("rome at far.example:443 through the proxy " + proxy.proxy());
            assertThat(proxy.requests).singleElement().asString().startsWith("CONNECT far.example:443 HTTP/1.1\r\n")
                    .doesNotContain("uthorization");
            ends.nextAccepted();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 204 Go on\r\n\r\n", "HTTP/1.0 200\r\n\r\n", "HTTP/1.1 200 OK\n\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 7\r\nTransfer-Encoding: chunked\r\n\r\n",
            "HTTP/1.1 200 OK\nVia: one\n two\n\n", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
            "HTTP/1.1 103 Early Hints\nLink: x\n\nHTTP/1.1 102 Processing\n\nHTTP/1.1 299 Yes\n\n"})
    @DisplayName("RFC 9110, 9.3.6: any 2xx opens the tunnel, behind interim answers too, its lines ended by LF alone or not")
    void yes(String answer) throws Exception {
        try (Ends ends = Ends.trusting(folder);
                ScriptedProxy proxy = new ScriptedProxy(ends.listen(LinkLimits.DEFAULT), answer)) {
            get(dial(ends, proxy.proxy(), LinkLimits.DEFAULT));
            ends.nextAccepted();
        }
    }

    @Test
    @DisplayName("Basic: the password goes out only when it is asked for")
    void basic() throws Exception {
        try (Ends ends = Ends.trusting(folder);
                ScriptedProxy proxy = new ScriptedProxy(ends.listen(LinkLimits.DEFAULT), ask("Basic realm=\"x\""),
                        YES)) {
            get(dial(ends, proxy.proxy().withCredentials(ANN), LinkLimits.DEFAULT));
            assertThat(proxy.requests.getFirst()).doesNotContain("uthorization");
            assertThat(proxy.requests.getLast()).containsIgnoringCase("proxy-authorization: Basic YW5uOmh1c2g=\r\n");
            ends.nextAccepted();
        }
    }

    @Test
    @DisplayName("Digest is preferred to Basic, and the password does not travel; a stale nonce is answered once more")
    void digest() throws Exception {
        String digest = "Digest realm=\"x\", nonce=\"%s\", qop=\"auth\", algorithm=SHA-256%s";
        try (Ends ends = Ends.trusting(folder);
                ScriptedProxy proxy = new ScriptedProxy(ends.listen(LinkLimits.DEFAULT),
                        ask("Basic realm=\"x\"\r\nProxy-Authenticate: " + digest.formatted("first", "")),
                        ask(digest.formatted("second", ", stale=true")), YES)) {
            get(dial(ends, proxy.proxy().withCredentials(ANN), LinkLimits.DEFAULT));
            assertThat(proxy.requests).hasSize(3);
            assertThat(proxy.requests.get(1)).contains("nonce=\"first\"", "uri=\"far.example:443\"")
                    .doesNotContain("hush", "YW5uOmh1c2g=");
            assertThat(proxy.requests.get(2)).contains("nonce=\"second\"");
            ends.nextAccepted();
        }
    }

    @Test
    @DisplayName("a proxy that does not accept the answer is asked no more, and the message says what to check")
    void wrongPassword() throws Exception {
        try (Ends ends = Ends.trusting(folder);
                ScriptedProxy proxy = new ScriptedProxy(ends.listen(LinkLimits.DEFAULT), ask("Basic realm=\"x\""),
                        ask("Basic realm=\"x\""), YES)) {
            LinkException why = failure(dial(ends, proxy.proxy().withCredentials(ANN), LinkLimits.DEFAULT));
            assertThat(why.kind()).isEqualTo(LinkException.Kind.PROXY_AUTH);
            assertThat(why).message().contains("'ann'", "407").doesNotContain("hush");
            assertThat(proxy.requests).hasSize(2);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "HTTP/1.1 407 Who?|PROXY_AUTH|--proxy-credentials FILE",
            "HTTP/1.1 403 No\\x1b[2Jway|PROXY_REFUSED|port 443",
            "HTTP/1.1 503 Sorry|OTHER|503",
            "HTTP/1.0 302 Found|OTHER|302",
            "HTTP/1.1 101 Switching|OTHER|101", "HTTP/2 200 OK|OTHER|did not answer as a proxy",
            "SSH-2.0-OpenSSH_9.2|OTHER|did not answer as a proxy",
            "HTTP/1.1 200 LONG|OTHER|did not answer as a proxy"})
    @DisplayName("what a proxy refuses with is told, with what to do; an answer beyond all measure is not read on")
    void refusals(String line, LinkException.Kind kind, String words) throws Exception {
        String answer = line.replace("LONG", "x".repeat(10_000)).replace("\\x1b", "\u001b")
                + "\r\nContent-Length: 0\r\n\r\n";
        try (Ends ends = Ends.trusting(folder);
                ScriptedProxy proxy = new ScriptedProxy(FAR, answer)) {
            LinkException why = failure(dial(ends, proxy.proxy(), LinkLimits.DEFAULT));
            assertThat(why).message().contains(words).doesNotContain("\u001b");
            assertThat(why.kind()).isEqualTo(kind);
        }
    }

    @Test
    @DisplayName("a proxy with endless headers is left")
    void endlessHeaders() throws Exception {
        try (Ends ends = Ends.trusting(folder);
                ScriptedProxy proxy = new ScriptedProxy(FAR, "HTTP/1.1 200 OK\r\n" + "a: b\r\n".repeat(10_000))) {
            assertThat(failure(dial(ends, proxy.proxy(), LinkLimits.DEFAULT)))
                    .hasMessageContaining("did not answer as a proxy");
        }
    }

    @Test
    @DisplayName("a proxy that says nothing, or never ends what it says, is left when the time is up")
    void silence() throws Exception {
        try (Ends ends = Ends.trusting(folder);
                ScriptedProxy proxy = new ScriptedProxy(FAR, "",
                        "HTTP/1.1 503 Sorry\r\nTransfer-Encoding: chunked\r\n")) {
            assertThat(failure(dial(ends, proxy.proxy(), Ends.SHORT)).kind()).isEqualTo(LinkException.Kind.TIMEOUT);
            assertThat(failure(dial(ends, proxy.proxy(), Ends.SHORT)).kind()).isEqualTo(LinkException.Kind.TIMEOUT);
        }
    }

    @Test
    @DisplayName("a proxy that is not there is named as what is not there")
    void absent() throws Exception {
        int port = FreePort.find();
        try (Ends ends = Ends.trusting(folder)) {
            LinkException why = failure(dial(ends, Proxy.parse("socks5://127.0.0.1:" + port), LinkLimits.DEFAULT));
            assertThat(why.kind()).isEqualTo(LinkException.Kind.REFUSED);
            assertThat(why).hasMessageStartingWith("the proxy socks5://127.0.0.1:" + port + ": nobody listens")
                    .hasMessageContaining("Check that the proxy runs").message().doesNotContain("ninetunnel listen");
        }
    }
}
