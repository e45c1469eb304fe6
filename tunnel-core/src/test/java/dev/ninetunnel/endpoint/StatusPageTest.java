package dev.ninetunnel.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ninetunnel.client.Progress;
import dev.ninetunnel.client.RefusedException;
import dev.ninetunnel.client.RemoteFiles;
import dev.ninetunnel.client.RemotePath;
import dev.ninetunnel.endpoint.control.Status;
import dev.ninetunnel.endpoint.web.WebConfig;
import dev.ninetunnel.identity.PeerFile;
import dev.ninetunnel.identity.invitation.Invitation;
import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.testing.EndpointPair;
import dev.ninetunnel.testing.RawHttp;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The status page of a real endpoint, as a browser asks for it, and as others try to. */
class StatusPageTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private Path folder;
    private EndpointPair pair;
    private InetSocketAddress server;
    private String path;

    @BeforeEach
    void open() throws Exception {
        pair = EndpointPair.linked(folder);
        URI address = URI.create(address(""));
        server = new InetSocketAddress(address.getHost(), address.getPort());
        path = address.getPath() + "?" + address.getQuery();
    }

    @AfterEach
    void close() {
        pair.close();
    }

    /** As 'ninetunnel ui' asks for it. */
    private String address(String wish) throws IOException {
        try (RemoteFiles files = EndpointPair.connect(pair.south().socket("ctl"))) {
            byte[] written = (wish + "\n").getBytes(StandardCharsets.UTF_8);
            files.write(RemotePath.of("ui"), new ByteArrayInputStream(written), 0600, written.length, Progress.NONE);
            ByteArrayOutputStream read = new ByteArrayOutputStream();
            files.read(RemotePath.of("ui"), read, Progress.NONE);
            return read.toString(StandardCharsets.UTF_8).strip();
        }
    }

    /** A browser that has opened the page. */
    private record Browser(String cookie, String secret) {}

    private Browser browser() throws IOException {
        String cookie = "Cookie: " + first("(?mi)^set-cookie: ([^;]+);", RawHttp.get(server, path)) + "\r\n";
        return new Browser(cookie, first("name=\"secret\" content=\"([^\"]+)\"", RawHttp.get(server, "/", cookie)));
    }

    private static String first(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as("%s in %s", pattern, text).isTrue();
        return matcher.group(1);
    }

    private String post(String what, String body, String... headers) throws IOException {
        return RawHttp.exchange(server, "POST " + what + " HTTP/1.1\r\nHost: 127.0.0.1:" + server.getPort() + "\r\n"
                + String.join("", headers) + "Connection: close\r\nContent-Length: " + body.length() + "\r\n\r\n"
                + body);
    }

    private String asThePageDoes(Browser browser, String what, String body) throws IOException {
        return post(what, body, browser.cookie, "Origin: http://127.0.0.1:" + server.getPort() + "\r\n",
                "x-ninetunnel-secret: " + browser.secret + "\r\n");
    }

    private boolean isLinked() {
        return pair.south().status().peers().stream().anyMatch(Status.PeerStatus::linked);
    }

    @Test
    @DisplayName("the address opens the page once, and leaves a cookie that no script and no other site gets")
    void once() throws IOException {
        String first = RawHttp.get(server, path);
        assertThat(first).startsWith("HTTP/1.1 303 ").contains("location: /\r\n", "; HttpOnly; SameSite=Strict\r\n");
        assertThat(RawHttp.get(server, path)).as("again").startsWith("HTTP/1.1 401 ").contains("ninetunnel ui");
        assertThat(RawHttp.get(server, "/?token=guessed")).startsWith("HTTP/1.1 401 ");
    }

    @Test
    @DisplayName("without a cookie, or with one that was made up, nothing is told and nothing done")
    void closed() throws IOException {
        String made = "Cookie: ninetunnel-" + server.getPort() + "=guessed\r\n";
        for (String asked : List.of("/", "/state.json", "/elsewhere")) {
            assertThat(RawHttp.get(server, asked)).startsWith("HTTP/1.1 401 ").doesNotContain("north");
            assertThat(RawHttp.get(server, asked, made)).startsWith("HTTP/1.1 401 ").doesNotContain("north");
        }
        assertThat(post("/disconnect", "north", made)).startsWith("HTTP/1.1 401 ");
        assertThat(isLinked()).isTrue();
    }

    @Test
    @DisplayName("a foreign Host (DNS rebinding) gets nothing, even with the cookie")
    void rebinding() throws IOException {
        assertThat(RawHttp.exchange(server, "GET /state.json HTTP/1.1\r\nHost: evil.example:" + server.getPort()
                + "\r\nConnection: close\r\n" + browser().cookie + "\r\n")).startsWith("HTTP/1.1 421 ")
                .doesNotContain("north");
    }

    @ParameterizedTest(name = "{0}, secret {1}")
    @CsvSource({"http://evil.example, right", "null, right", "'', right", "https://127.0.0.1:PORT, right",
            "http://127.0.0.1:1, right", "http://127.0.0.1:PORT, wrong", "http://127.0.0.1:PORT, ''"})
    @DisplayName("a change that another site brings about is refused: its Origin, or the secret of the page, is not right")
    void foreignOrigin(String origin, String secret) throws IOException {
        Browser browser = browser();
        String from = origin.isEmpty() ? "" : "Origin: " + origin.replace("PORT", "" + server.getPort()) + "\r\n";
        String with = secret.isEmpty()
                ? ""
                : "x-ninetunnel-secret: " + (secret.equals("right") ? browser.secret : secret) + "\r\n";
        for (String what : List.of("/disconnect", "/revoke", "/invite")) {
            assertThat(post(what, "north", browser.cookie, from, with)).startsWith("HTTP/1.1 403 ");
        }
        assertThat(isLinked()).isTrue();
    }

    @Test
    @DisplayName("the page loads nothing from elsewhere, has no script or style in it, and is shown in no other page")
    void policy() throws IOException {
        String page = RawHttp.get(server, "/", browser().cookie);
        assertThat(page)
                .contains("content-security-policy: default-src 'none'; script-src 'self'", "frame-ancestors 'none'",
                        "x-frame-options: DENY", "referrer-policy: no-referrer")
                .doesNotContain("unsafe");
        assertThat(RawHttp.body(page)).doesNotContain("style=", "onclick", "http://", "https://", "<script>", "<style");
        for (String asset : List.of("/page.js", "/page.css", "/icon.svg")) {
            assertThat(RawHttp.get(server, asset)).as(asset).startsWith("HTTP/1.1 200 ");
        }
        assertThat(RawHttp.body(RawHttp.get(server, "/page.js"))).doesNotContain("innerHTML =", "eval(", "https://");
    }

    @Test
    @DisplayName("it is told what the endpoint does, what it shares, and whom it trusts")
    void content() throws IOException {
        String state = RawHttp.get(server, "/state.json", browser().cookie);
        assertThat(state).startsWith("HTTP/1.1 200 ").contains("\"name\":\"north\",\"linked\":true",
                "\"exports\":[{\"name\":\"south\"", "\"trusted\":[{\"name\":\"north\",\"id\":\"" + pair.north().id(),
                "\"history\":{\"step\":5,\"most\":720,");
    }

    @Test
    @DisplayName("a peer can be disconnected, and comes back; one that is not there is said not to be")
    void disconnect() throws IOException {
        Browser browser = browser();
        assertThat(asThePageDoes(browser, "/disconnect", "nobody")).startsWith("HTTP/1.1 409 ")
                .contains("there is no peer of the name 'nobody'");
        Duration age = age();
        assertThat(asThePageDoes(browser, "/disconnect", "north")).startsWith("HTTP/1.1 200 ");
        await().atMost(PATIENCE).until(() -> isLinked() && age().compareTo(age) < 0);
    }

    private Duration age() {
        return pair.south().status().peers().getFirst().session().map(Status.SessionStatus::age)
                .orElse(Duration.ofDays(1));
    }

    @Test
    @DisplayName("a peer that is revoked is out of the list of peers, and its link ends")
    void revoke() throws Exception {
        assertThat(asThePageDoes(browser(), "/revoke", "north")).startsWith("HTTP/1.1 200 ");
        assertThat(new PeerFile(folder.resolve("home-south")).list()).isEmpty();
        await().atMost(PATIENCE).until(() -> !isLinked());
    }

    @Test
    @DisplayName("an invitation is a line to run, and the same as a QR code; a name that is taken gets none")
    void invite() throws IOException {
        Browser browser = browser();
        String answer = asThePageDoes(browser, "/invite", "phone\nsouth.example.org");
        assertThat(answer).startsWith("HTTP/1.1 200 ").contains("\"path\":\"M4 4h1v1h-1z");
        Invitation made = Invitation.parse(first("\"line\":\"(echo [^\"]+ \\| ninetunnel accept)\"", answer));
        assertThat(made.host()).isEqualTo("south.example.org");
        assertThat(made.port()).isEqualTo(pair.address().getPort());
        assertThat(asThePageDoes(browser, "/invite", "north\n")).startsWith("HTTP/1.1 409 ")
                .contains("north is trusted already");
        assertThat(asThePageDoes(browser, "/invite", "no name/\n")).startsWith("HTTP/1.1 409 ");
    }

    @Test
    @DisplayName("it is for this host alone")
    void loopback() throws IOException {
        Path home = folder.resolve("other");
        assertThatThrownBy(() -> address("*:0")).isInstanceOf(RefusedException.class);
        assertThatThrownBy(() -> Endpoint.open(new EndpointConfig(home, home.resolve("run"),
                EndpointConfig.DEFAULT_MSIZE, List.of(), EndpointConfig.Limits.DEFAULT)
                .withWeb(new WebConfig(Optional.empty(), Optional.of(new HostPort("", 0))))))
                .hasMessageContaining("the status page is for this host alone");
    }

    @Test
    @DisplayName("who asks again gets another address of the same page")
    void again() throws IOException {
        URI other = URI.create(address(""));
        assertThat(other.getPort()).isEqualTo(server.getPort());
        assertThat(RawHttp.get(server, other.getPath() + "?" + other.getQuery())).startsWith("HTTP/1.1 303 ");
    }
}
