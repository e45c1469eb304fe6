package dev.ninetunnel.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ninetunnel.link.dial.LinkDialler;
import dev.ninetunnel.tls.Tls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A network that loses large packets without a word (RFC 2923, 2.1), as root, in a network of its own. */
class PacketHoleIT {
    /** A token bucket that never has more than 1,200 bytes lets no larger packet pass (tc-tbf(8)). */
    private static final String HOLE = "ip link set lo up && tc qdisc add dev lo root tbf rate 1gbit burst 1200 latency 100ms";

    @TempDir
    Path folder;

    private static Process inHole(String... command) throws IOException {
        String[] all = new String[command.length + 6];
        System.arraycopy(new String[]{"unshare", "-n", "sh", "-c", HOLE + " && exec \"$@\"", "sh"}, 0, all, 0, 6);
        System.arraycopy(command, 0, all, 6, command.length);
        return new ProcessBuilder(all).redirectErrorStream(true).start();
    }

    private static boolean possible() throws InterruptedException {
        try {
            return inHole("true").waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    @DisplayName("where packets above 1,200 bytes are lost there is a link, of small packets, and the log says so")
    void linked() throws Exception {
        assumeTrue(possible(), "needs root, unshare(1), and tc(8) with tbf");
        Process inside = inHole(ProcessHandle.current().info().command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-cp",
                System.getProperty("java.class.path"), Inside.class.getName(), folder.toString());
        String said = new String(inside.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(inside.waitFor()).as(said).isZero();
        assertThat(said).contains("dialling again: STALLED", "linked with rome",
                "is reached with small packets only");
    }

    /** Both ends. */
    static final class Inside {
        /** Not as long as a connection lives whose packets are not acknowledged. */
        private static final Duration STALL = Duration.ofSeconds(5);
        private static final int TRIES = 10;

        private Inside() {}

        public static void main(String... args) throws Exception {
            try (Ends ends = Ends.trusting(Path.of(args[0]))) {
                HostPort rome = ends.listen(LinkLimits.DEFAULT.withHandshake(Ends.PATIENCE));
                LinkDialler dialler = new LinkDialler(new Tls(ends.oslo, Clock.systemUTC()),
                        LinkLimits.DEFAULT.withHandshake(STALL));
                // Here the packets are lost in this very machine, which does not count them as sent.
                CompletableFuture<Link> made = ends.dial(dialler, rome, ends.romeAsPeer());
                for (int i = 1; i < TRIES && Ends.get(made.handle((link, fault) -> fault)) != null; i++) {
                    System.out.println("dialling again: " + Ends.failure(made).kind());
                    made = ends.dial(dialler, rome, ends.romeAsPeer());
                }
                Link link = Ends.get(made);
                System.out.println("linked with " + link);
                // All bytes of a large message arrive, too.
                Link accepted = ends.nextAccepted();
                Collected got = new Collected();
                accepted.loop().execute(() -> accepted.route(got, got));
                Ends.send(link, Ends.frame(118, 1, 8000));
                while (got.frames.isEmpty()) {
                    Thread.sleep(10);
                }
            }
            System.exit(0);
        }
    }
}
