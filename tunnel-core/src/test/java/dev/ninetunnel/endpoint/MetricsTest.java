package dev.ninetunnel.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ninetunnel.client.Progress;
import dev.ninetunnel.client.RemoteFiles;
import dev.ninetunnel.client.RemotePath;
import dev.ninetunnel.endpoint.web.WebConfig;
import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.link.Liveness;
import dev.ninetunnel.session.SessionLimits;
import dev.ninetunnel.testing.EndpointPair;
import dev.ninetunnel.testing.RawHttp;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The metrics and the health of real endpoints, as programs that watch them read both. */
class MetricsTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();
    private static final WebConfig TOLD = new WebConfig(Optional.of(new HostPort("127.0.0.1", 0)),
            Optional.empty());
    /** Asks for a sign of life each second, so that there is a round trip to tell. */
    private static final EndpointConfig.Limits LIVELY = EndpointConfig.Limits.DEFAULT.withSession(SessionLimits.STANDARD
            .withLiveness(new Liveness(Duration.ofSeconds(1), Duration.ofMinutes(1))));

    @TempDir
    private Path folder;

    private EndpointPair pair() throws Exception {
        return new EndpointPair(folder, List.of(EndpointPair.directory(folder.resolve("north"))),
                List.of(EndpointPair.directory(folder.resolve("south"))), LIVELY, TOLD);
    }

    private EndpointPair linked() throws Exception {
        EndpointPair pair = pair();
        pair.link();
        return pair;
    }

    private static InetSocketAddress where(Endpoint endpoint) {
        return endpoint.metricsAddress().orElseThrow();
    }

    private static String scrape(Endpoint endpoint) throws IOException {
        String answer = RawHttp.get(where(endpoint), "/metrics");
        assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n");
        return RawHttp.body(answer);
    }

    private static double value(String scraped, String series) {
        return scraped.lines().filter(line -> line.startsWith(series + " ")).findFirst()
                .map(line -> Double.parseDouble(line.substring(series.length() + 1))).orElseThrow(
                        () -> new AssertionError("no " + series + " in\n" + scraped));
    }

    private static Set<String> names(String scraped) {
        return matches("(?m)^# TYPE (\\S+) ", scraped);
    }

    private static Set<String> matches(String pattern, String text) {
        return Pattern.compile(pattern).matcher(text).results().map((MatchResult m) -> m.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> documented() throws IOException {
        return matches("(?m)^\\| `([a-z_]+)", Files.readString(REPOSITORY.resolve("docs/metrics.md")));
    }

    private void readFile(EndpointPair pair) throws IOException {
        Files.writeString(folder.resolve("south/f"), "pears, apples, bread");
        try (RemoteFiles files = EndpointPair.connect(pair.southsFiles())) {
            files.read(RemotePath.of("f"), new ByteArrayOutputStream(), Progress.NONE);
        }
    }

    @Test
    @DisplayName("docs/metrics.md lists what is scraped, and nothing else")
    void documentation() throws Exception {
        try (EndpointPair pair = linked()) {
            readFile(pair);
            await().atMost(PATIENCE).untilAsserted(() -> {
                Set<String> scraped = names(scrape(pair.south()));
                scraped.addAll(names(scrape(pair.north())));
                assertThat(scraped).isEqualTo(documented());
            });
        }
    }

    @Test
    @DisplayName("the dashboard and the alerts in contrib ask for metrics that there are")
    void contrib() throws Exception {
        for (String file : List.of("grafana-dashboard.json", "prometheus-alerts.yml")) {
            Set<String> asked = matches("\\b((?:ninetunnel|jvm|process)_[a-z_]+)",
                    Files.readString(REPOSITORY.resolve("contrib/" + file)));
            Set<String> there = documented().stream()
                    .flatMap(name -> Stream.of(name, name + "_bucket", name + "_sum", name + "_count"))
                    .collect(Collectors.toSet());
            assertThat(asked).as(file).isNotEmpty().isSubsetOf(there);
        }
    }

    @Test
    @DisplayName("what goes over a link is counted on both sides: bytes, requests by type and dialect, and how long they took")
    void counts() throws Exception {
        try (EndpointPair pair = linked()) {
            readFile(pair);
            String north = scrape(pair.north());
            String south = scrape(pair.south());
            assertThat(value(north, "ninetunnel_peer_linked{peer=\"south\"}")).isEqualTo(1);
            assertThat(value(north, "ninetunnel_links_total{peer=\"south\"}")).isEqualTo(1);
            assertThat(value(north, "ninetunnel_received_bytes_total{peer=\"south\"}")).isGreaterThan(20);
            String attach = "{dialect=\"9P2000.L\",type=\"Tattach\"}";
            assertThat(value(north, "ninetunnel_client_requests_sent_total" + attach)).isEqualTo(1);
            assertThat(value(south, "ninetunnel_server_requests_received_total" + attach)).isEqualTo(1);
            assertThat(value(north, "ninetunnel_client_request_seconds_count{peer=\"south\"}")).isPositive();
            assertThat(value(north, "ninetunnel_client_request_seconds_sum{peer=\"south\"}")).isPositive();
            assertThat(value(south, "ninetunnel_server_request_seconds_count{export=\"south\"}")).isPositive();
            assertThat(value(south, "ninetunnel_server_request_seconds_sum{export=\"south\"}")).isPositive();
        }
    }

    @Test
    @DisplayName("what was counted stays when a link ends, and the next one adds to it")
    void monotonous() throws Exception {
        try (EndpointPair pair = linked()) {
            readFile(pair);
            double before = value(scrape(pair.north()), "ninetunnel_received_bytes_total{peer=\"south\"}");
            pair.restartSouth().close();
            await().atMost(PATIENCE).untilAsserted(
                    () -> assertThat(value(scrape(pair.north()), "ninetunnel_peer_linked{peer=\"south\"}")).isZero());
            String after = scrape(pair.north());
            assertThat(value(after, "ninetunnel_received_bytes_total{peer=\"south\"}")).isGreaterThanOrEqualTo(before);
            assertThat(after.lines().filter(line -> line.startsWith("ninetunnel_link_ends_total{"))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' ')))).sum()).isPositive();
        }
    }

    @Test
    @DisplayName("who accepts OpenMetrics gets it, and others the text format of Prometheus")
    void negotiation() throws Exception {
        try (EndpointPair pair = pair()) {
            String open = RawHttp.get(where(pair.south()), "/metrics",
                    "Accept: application/openmetrics-text;version=1.0.0,text/plain;q=0.5\r\n");
            assertThat(open).containsIgnoringCase("content-type: application/openmetrics-text").endsWith("# EOF\n");
            String plain = RawHttp.get(where(pair.south()), "/metrics", "Accept: */*\r\n");
            assertThat(plain).containsIgnoringCase("content-type: text/plain; version=0.0.4").doesNotContain("# EOF");
        }
    }

    @Test
    @DisplayName("while the session loop is busy, a scrape gets what was known before, with its age, and the endpoint is not healthy")
    void busy() throws Exception {
        try (EndpointPair pair = pair()) {
            Endpoint south = pair.south();
            CountDownLatch first = keepBusy(south);
            assertThat(RawHttp.get(where(south), "/metrics")).as("nothing is known").startsWith("HTTP/1.1 503 ");
            first.countDown();
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(
                    value(scrape(south), "ninetunnel_counts_age_seconds")).isZero());
            CountDownLatch second = keepBusy(south);
            try {
                assertThat(value(scrape(south), "ninetunnel_counts_age_seconds")).isPositive();
                assertThat(RawHttp.get(where(south), "/healthz")).startsWith("HTTP/1.1 503 ").contains("very busy");
            } finally {
                second.countDown();
            }
        }
    }

    private static CountDownLatch keepBusy(Endpoint endpoint) throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        endpoint.parts().loop().execute(() -> {
            begun.countDown();
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        begun.await();
        return end;
    }

    @Test
    @DisplayName("healthy is who is linked with whom it dials; who is not says why, and until when it waits")
    void health() throws Exception {
        try (EndpointPair pair = linked()) {
            assertThat(RawHttp.get(where(pair.north()), "/healthz")).startsWith("HTTP/1.1 200 ").endsWith("ok\n");
            pair.south().close();
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(RawHttp.get(where(pair.north()), "/healthz"))
                    .startsWith("HTTP/1.1 503 ").contains("\r\n\r\nsouth: "));
        }
    }

    @Test
    @DisplayName("a port that another program has is told as one to listen on is, and ends the start")
    void taken() throws Exception {
        try (ServerSocket other = new ServerSocket(0)) {
            Path home = folder.resolve("home");
            assertThatThrownBy(() -> Endpoint.open(new EndpointConfig(home, home.resolve("run"),
                    EndpointConfig.DEFAULT_MSIZE, List.of(), EndpointConfig.Limits.DEFAULT)
                    .withWeb(new WebConfig(Optional.of(WebConfig.place(String.valueOf(other.getLocalPort()))),
                            Optional.empty()))))
                    .isInstanceOf(EndpointException.class)
                    .hasMessageContaining("port " + other.getLocalPort() + " is in use");
        }
    }

    @Test
    @DisplayName("without a host it is told on this machine alone")
    void places() {
        assertThat(WebConfig.place("9640")).isEqualTo(new HostPort("127.0.0.1", 9640));
        assertThat(WebConfig.place("*:9640")).isEqualTo(new HostPort("", 9640));
        assertThat(WebConfig.place("[::1]:9640")).isEqualTo(new HostPort("::1", 9640));
        assertThatThrownBy(() -> WebConfig.place("localhost")).hasMessageContaining("has no port");
    }
}
