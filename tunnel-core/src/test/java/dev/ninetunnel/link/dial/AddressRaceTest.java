package dev.ninetunnel.link.dial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.link.LinkException;
import dev.ninetunnel.link.LinkFaults;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** RFC 8305 by a script, in virtual time. */
class AddressRaceTest {
    private static final String SIX = "2001:db8::1";
    private static final String SIX_TOO = "2001:db8::2";
    private static final String FOUR = "192.0.2.1";
    private static final String FOUR_TOO = "192.0.2.2";

    private final EmbeddedChannel clock = new EmbeddedChannel();
    /** Who was tried, in that order. */
    private final Map<InetAddress, Runner> tried = new LinkedHashMap<>();
    private CompletableFuture<Runner> race;

    private static final class Runner implements AddressRace.Entrant<Runner> {
        private final CompletableFuture<Runner> result = new CompletableFuture<>();
        private boolean givenUp;

        @Override
        public CompletableFuture<Runner> result() {
            return result;
        }

        @Override
        public void giveUp() {
            givenUp = true;
        }
    }

    @BeforeEach
    void freeze() {
        clock.freezeTime();
    }

    @AfterEach
    void close() {
        clock.finishAndReleaseAll();
    }

    private static List<InetAddress> addresses(String... texts) {
        return Stream.of(texts).map(InetAddress::ofLiteral).toList();
    }

    private void run(String... texts) {
        race = new AddressRace<>(clock.eventLoop(), "rome.example:443", addresses(texts), address -> {
            Runner runner = new Runner();
            tried.put(address, runner);
            return runner;
        }).run();
    }

    private void pass(long millis) {
        clock.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        clock.runScheduledPendingTasks();
    }

    private Runner runner(String text) {
        return tried.get(InetAddress.ofLiteral(text));
    }

    private void assertTried(String... texts) {
        assertThat(new ArrayList<>(tried.keySet())).isEqualTo(addresses(texts));
    }

    @Test
    @DisplayName("section 4: IPv6 and IPv4 in turn, each kind in its order, none twice")
    void order() {
        assertThat(AddressRace.inTurn(addresses(FOUR, FOUR_TOO, FOUR, SIX, SIX_TOO)))
                .containsExactlyElementsOf(addresses(SIX, FOUR, SIX_TOO, FOUR_TOO));
        assertThat(AddressRace.inTurn(addresses(FOUR_TOO, FOUR))).containsExactlyElementsOf(addresses(FOUR_TOO, FOUR));
    }

    @Test
    @DisplayName("section 5: the next is tried after 250 ms, and those before go on; the first that connects wins")
    void delay() {
        run(SIX, FOUR, SIX_TOO);
        pass(249);
        assertTried(SIX);
        pass(1);
        assertTried(SIX, FOUR);
        pass(100);
        runner(SIX).result.complete(runner(SIX));
        assertThat(race).isCompletedWithValue(runner(SIX));
        assertThat(runner(FOUR).givenUp).isTrue();
        assertThat(runner(SIX).givenUp).isFalse();
        pass(10_000);
        assertTried(SIX, FOUR);
    }

    @Test
    @DisplayName("when one fails the next is tried at once, and the wait begins anew")
    void failure() {
        run(SIX, FOUR, FOUR_TOO);
        pass(100);
        runner(SIX).result.completeExceptionally(new NoRouteToHostException());
        assertTried(SIX, FOUR);
        pass(249);
        assertTried(SIX, FOUR);
        pass(1);
        assertTried(SIX, FOUR, FOUR_TOO);
    }

    @Test
    @DisplayName("who connects after another has won is closed")
    void late() {
        run(SIX, FOUR);
        pass(250);
        runner(FOUR).result.complete(runner(FOUR));
        runner(SIX).result.complete(runner(SIX));
        assertThat(race).isCompletedWithValue(runner(FOUR));
        assertThat(runner(SIX).givenUp).isTrue();
        assertThat(runner(FOUR).givenUp).isFalse();
    }

    @Test
    @DisplayName("it is lost when the last one has failed, and tells why each did; no message says null")
    void lost() {
        run(SIX, FOUR);
        pass(250);
        runner(FOUR).result.completeExceptionally(new ConnectException("Connection refused: /192.0.2.1:443"));
        assertThat(race).isNotDone();
        runner(SIX).result.completeExceptionally(new NoRouteToHostException());
        assertThat(race).isCompletedExceptionally();
        AddressRace.LostException why = (AddressRace.LostException) race.exceptionNow();
        LinkException told = LinkFaults.notConnected(new HostPort("rome.example", 443), false, why.reasons);
        assertThat(told.kind()).isEqualTo(LinkException.Kind.REFUSED);
        assertThat(told).hasMessageStartingWith("nobody listens at rome.example:443 (192.0.2.1:443)")
                .hasMessageContaining("192.0.2.1 (refused), 2001:db8:0:0:0:0:0:1 (no route to host)")
                .message().doesNotContain("null");
    }
}
