package dev.ninetunnel.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ninetunnel.endpoint.process.NetworkWatch;
import dev.ninetunnel.link.Link;
import dev.ninetunnel.link.LinkEnd;
import dev.ninetunnel.link.LinkException;
import dev.ninetunnel.session.LinkWatch;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** When a peer is dialled again, and when not; in a time of its own. */
class RedialTest {
    /** Waits that are neither shortened nor lengthened. */
    private static final RandomGenerator EVEN = new RandomGenerator() {
        @Override
        public long nextLong() {
            return 0;
        }

        @Override
        public double nextDouble(double from, double to) {
            return (from + to) / 2;
        }
    };

    private final EmbeddedChannel clock = new EmbeddedChannel();
    private final List<CompletableFuture<Link>> tries = new ArrayList<>();
    private final List<LinkWatch> links = new ArrayList<>();
    private Optional<CompletableFuture<LinkEnd>> elsewhere = Optional.empty();
    private Set<String> addresses = Set.of("eth0 192.0.2.1");

    RedialTest() {
        clock.freezeTime();
    }

    @AfterEach
    void close() {
        clock.finish();
    }

    private Redial redial(boolean patient) {
        Redial redial = new Redial(() -> {
            CompletableFuture<Link> one = new CompletableFuture<>();
            tries.add(one);
            return one;
        }, "far", clock.eventLoop(), Redial.RetryPolicy.USUAL.withPatience(patient), EVEN,
                new NetworkWatch(() -> addresses),
                (link, watch) -> links.add(watch), () -> elsewhere);
        redial.start();
        return redial;
    }

    private void pass(long millis) {
        clock.runPendingTasks();
        clock.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        clock.runScheduledPendingTasks();
    }

    private void fail(LinkException.Kind kind) {
        tries.getLast().completeExceptionally(new LinkException(kind, "it is " + kind, null));
    }

    private void link() {
        tries.getLast().complete(null);
        links.getLast().opened(null);
    }

    private void lose(LinkEnd.Kind kind) {
        tries.getLast().complete(null);
        links.getLast().ended(new LinkEnd(kind, "it is " + kind), true);
    }

    @Test
    @DisplayName("after a loss come three quick tries, then one after 1, 2, 4, 8, 16, 20, 20 seconds, and again so after the next loss")
    void waits() {
        redial(false);
        link();
        for (int round = 0; round < 2; round++) {
            lose(LinkEnd.Kind.LOST);
            for (long wait : new long[]{200, 200, 200, 1_000, 2_000, 4_000, 8_000, 16_000, 20_000, 20_000}) {
                int before = tries.size();
                pass(wait - 1);
                assertThat(tries).hasSize(before);
                pass(1);
                assertThat(tries).hasSize(before + 1);
                if (wait < 20_000) {
                    fail(LinkException.Kind.REFUSED);
                } else {
                    fail(LinkException.Kind.TIMEOUT);
                }
            }
            pass(20_000);
            link();
        }
    }

    @Test
    @DisplayName("a start that fails at once is over, with its reason")
    void failedStart() {
        Redial redial = redial(false);
        fail(LinkException.Kind.NAME);
        assertThatThrownBy(() -> redial.first().get()).hasCauseInstanceOf(EndpointException.class)
                .hasMessageContaining("it is NAME");
        pass(60_000);
        assertThat(tries).hasSize(1);
        assertThat(redial.state()).isEqualTo(new Redial.State.Stopped());
    }

    @Test
    @DisplayName("a start that fails after 30 seconds, or that is to be patient, is tried again")
    void patientStart() {
        Redial slow = redial(false);
        pass(30_000);
        fail(LinkException.Kind.TIMEOUT);
        pass(200);
        assertThat(tries).hasSize(2);
        link();
        assertThat(slow.first()).isCompleted();

        Redial patient = redial(true);
        fail(LinkException.Kind.NAME);
        assertThat(patient.first()).isNotDone();
        pass(200);
        assertThat(tries).hasSize(4);
        fail(LinkException.Kind.WRONG_KEY);
        assertThat(patient.first()).isCompletedExceptionally();
    }

    @ParameterizedTest
    @EnumSource(value = LinkException.Kind.class, names = {"WRONG_KEY", "EXPIRED", "NO_COMMON_TERMS", "REFUSED_BY_PEER",
            "PROXY_AUTH", "PROXY_REFUSED", "NO_COMMAND"})
    @DisplayName("what cannot heal is not tried again at a start")
    void hopelessStart(LinkException.Kind kind) {
        Redial redial = redial(true);
        fail(kind);
        assertThatThrownBy(() -> redial.first().get()).hasMessageContaining("it is " + kind);
        pass(60_000);
        assertThat(tries).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(value = LinkException.Kind.class, names = {"WRONG_KEY", "EXPIRED", "NO_COMMON_TERMS", "REFUSED_BY_PEER",
            "PROXY_AUTH", "PROXY_REFUSED"})
    @DisplayName("after a link, what anybody on the way can answer in the peer's name does not end the dialling: it is tried again later")
    void forgedAnswer(LinkException.Kind kind) {
        Redial redial = redial(false);
        link();
        lose(LinkEnd.Kind.LOST);
        pass(200);
        fail(kind);
        assertThat(redial.over()).isNotDone();
        pass(19_999);
        assertThat(tries).hasSize(2);
        pass(1);
        assertThat(tries).hasSize(3);
        link();
        assertThat(redial.state()).isEqualTo(new Redial.State.Linked());
    }

    @Test
    @DisplayName("what this host itself lacks is not tried again, after a link either")
    void hopelessTry() {
        Redial redial = redial(false);
        link();
        lose(LinkEnd.Kind.LOST);
        pass(200);
        fail(LinkException.Kind.NO_COMMAND);
        assertThatThrownBy(() -> redial.over().get()).hasMessageContaining("it is NO_COMMAND");
        pass(60_000);
        assertThat(tries).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(LinkEnd.Kind.class)
    @DisplayName("a link that ends is made anew, unless the peer refuses this endpoint or speaks another version")
    void ends(LinkEnd.Kind kind) {
        Redial redial = redial(false);
        link();
        lose(kind);
        pass(200);
        boolean hopeless = kind == LinkEnd.Kind.REFUSED || kind == LinkEnd.Kind.INCOMPATIBLE;
        assertThat(tries).hasSize(hopeless ? 1 : 2);
        assertThat(redial.over().isCompletedExceptionally()).isEqualTo(hopeless);
    }

    @Test
    @DisplayName("a change of this host's network, or a word from outside, ends the wait, and the quick tries come again")
    void hurries() {
        Redial redial = redial(false);
        link();
        lose(LinkEnd.Kind.LOST);
        for (long wait : new long[]{200, 200, 200, 1_000, 2_000, 4_000, 8_000}) {
            pass(wait);
            fail(LinkException.Kind.UNREACHABLE);
        }
        assertThat(tries).hasSize(8);
        pass(3_000);
        assertThat(tries).hasSize(8);
        addresses = Set.of("wlan0 198.51.100.7");
        pass(3_000);
        assertThat(tries).hasSize(9);
        fail(LinkException.Kind.UNREACHABLE);
        pass(200);
        assertThat(tries).hasSize(10);
        fail(LinkException.Kind.UNREACHABLE);
        redial.hurry("asked to");
        assertThat(tries).hasSize(11);
        redial.hurry("asked to while it dials");
        assertThat(tries).hasSize(11);
        link();
        redial.hurry("asked to while linked");
        pass(60_000);
        assertThat(tries).hasSize(11);
    }

    @Test
    @DisplayName("it tells what it does: dialling, linked, waiting for which try, how long and why")
    void tells() {
        Redial redial = redial(false);
        assertThat(redial.state()).isEqualTo(new Redial.State.Dialling(0));
        link();
        assertThat(redial.state()).isEqualTo(new Redial.State.Linked());
        lose(LinkEnd.Kind.GOODBYE);
        pass(50);
        assertThat(redial.state())
                .isEqualTo(new Redial.State.Waiting(1, Duration.ofMillis(150), "it is GOODBYE"));
        redial.stop();
        pass(60_000);
        assertThat(tries).hasSize(1);
        assertThat(redial.state()).isEqualTo(new Redial.State.Stopped());
    }

    @Test
    @DisplayName("a peer that has dialled this endpoint is not dialled while that link is there, and soon when it has ended")
    void elsewhere() {
        Redial redial = redial(false);
        CompletableFuture<LinkEnd> first = new CompletableFuture<>();
        CompletableFuture<LinkEnd> second = new CompletableFuture<>();
        elsewhere = Optional.of(first);
        lose(LinkEnd.Kind.LOCAL);
        assertThat(redial.first()).isCompleted();
        pass(200_000);
        assertThat(tries).hasSize(1);
        assertThat(redial.state()).isEqualTo(new Redial.State.Linked());

        elsewhere = Optional.of(second);
        first.complete(new LinkEnd(LinkEnd.Kind.LOST, "a newer link has taken its place"));
        pass(200_000);
        assertThat(tries).as("the session has another link of the peer's").hasSize(1);

        elsewhere = Optional.empty();
        second.complete(new LinkEnd(LinkEnd.Kind.LOST, "it was cut"));
        pass(199);
        assertThat(tries).hasSize(1);
        assertThat(redial.state()).isEqualTo(new Redial.State.Waiting(1, Duration.ofMillis(1), "it was cut"));
        pass(1);
        assertThat(tries).hasSize(2);
    }

    @Test
    @DisplayName("one that stands by does not dial when it has been told to stop")
    void stopsStandingBy() {
        Redial redial = redial(false);
        CompletableFuture<LinkEnd> other = new CompletableFuture<>();
        elsewhere = Optional.of(other);
        lose(LinkEnd.Kind.LOCAL);
        redial.stop();
        elsewhere = Optional.empty();
        other.complete(new LinkEnd(LinkEnd.Kind.LOST, "it was cut"));
        pass(60_000);
        assertThat(tries).hasSize(1);
        assertThat(redial.state()).isEqualTo(new Redial.State.Stopped());
    }
}
