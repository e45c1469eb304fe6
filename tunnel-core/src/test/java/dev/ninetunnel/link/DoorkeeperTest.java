package dev.ninetunnel.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ninetunnel.audit.Audit;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose handshake begins, when more come than an endpoint wants to hear. */
class DoorkeeperTest {
    private static final DoorLimits LIMITS = new DoorLimits(new DoorLimits.Crowd(10, 30, 20), 4, 8, 2);

    private final Logged logged = new Logged();
    private long now = Long.MAX_VALUE - 1000; // the clock may run over
    private final Doorkeeper keeper = new Doorkeeper(LIMITS, () -> now, new Random(1), Audit.NONE);

    @AfterEach
    void close() {
        logged.close();
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private Optional<Visit> from(String address) {
        return keeper.admit(new InetSocketAddress(InetAddress.ofLiteral(address), 40000));
    }

    /** From so many addresses, each once; returns who was let in. */
    private List<Visit> crowd(int size) {
        List<Visit> in = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            from("10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255)).ifPresent(in::add);
        }
        return in;
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.1, 192.0.2.1, 192.0.2.2", "2001:db8::1, 2001:db8::ffff:1, 2001:db8:0:1::1",
            "::ffff:192.0.2.1, 192.0.2.1, 2001:db8::1"})
    @DisplayName("an address, or a /64 of IPv6, may have a few handshakes in progress, which takes nothing from others")
    void ofAddress(String one, String same, String other) {
        List<Visit> in = new ArrayList<>();
        for (int i = 0; i < LIMITS.ofAddress(); i++) {
            in.add(from(i % 2 == 0 ? one : same).orElseThrow());
        }
        assertThat(from(one)).isEmpty();
        assertThat(from(same)).isEmpty();
        assertThat(logged.warnings()).last().asString().contains("4 connections in their handshake already");
        assertThat(from(other)).isPresent();
        in.getFirst().over();
        assertThat(from(one)).isPresent();
        assertThat(keeper.refusals().count(Refusals.Kind.CROWD)).isEqualTo(2);
    }

    @Test
    @DisplayName("an address may begin so many handshakes in a second, however soon they end")
    void paceOfAddress() {
        int atOnce = LIMITS.perSecondOfAddress() * DoorLimits.AT_ONCE_SECONDS;
        for (int i = 0; i < atOnce; i++) {
            from("192.0.2.1").orElseThrow().over();
        }
        assertThat(from("192.0.2.1")).isEmpty();
        assertThat(from("192.0.2.2")).isPresent();
        pass(Duration.ofMillis(500));
        assertThat(from("192.0.2.1")).isPresent();
        assertThat(from("192.0.2.1")).isEmpty();
    }

    @Test
    @DisplayName("the fuller it is, the more are turned away, by chance; and all when it is full")
    void chance() {
        DoorLimits.Crowd crowd = LIMITS.handshakes();
        assertThat(crowd.turnedAway(9)).isZero();
        assertThat(crowd.turnedAway(10)).isEqualTo(30);
        assertThat(crowd.turnedAway(15)).isEqualTo(65);
        assertThat(crowd.turnedAway(20)).isEqualTo(100);

        assertThat(crowd(10)).hasSize(10);
        assertThat(logged.warnings()).isEmpty();
        List<Visit> more = crowd(1000);
        assertThat(more).as("10 more are let in, and not the first 10 that come").hasSize(10);
        assertThat(keeper.state().handshakes()).isEqualTo(20);
        assertThat(logged.warnings()).anySatisfy(w -> assertThat(w).contains("by chance"));
        more.getFirst().over();
        assertThat(crowd(1000)).hasSize(1);
    }

    @Test
    @DisplayName("strangers may begin so many handshakes in a second in all; those that come to a link do not count")
    void paceOfStrangers() {
        int atOnce = LIMITS.perSecond() * DoorLimits.AT_ONCE_SECONDS;
        for (int i = 0; i < atOnce; i++) {
            from("10.0.0." + i).orElseThrow().over();
        }
        assertThat(crowd(100)).isEmpty();
        pass(Duration.ofSeconds(1));
        for (int i = 0; i < 100; i++) {
            Visit visit = from("10.1.0." + i).orElseThrow();
            visit.proven();
            visit.over();
        }
        assertThat(keeper.state()).isEqualTo(new Doorkeeper.State(0, atOnce + 100));
    }

    @Test
    @DisplayName("strangers cannot use up what those have who were proven lately from their address")
    void known() {
        Visit link = from("192.0.2.1").orElseThrow();
        link.proven();
        pass(Duration.ofDays(30));
        crowd(10_000);
        assertThat(from("203.0.113.1")).as("a stranger").isEmpty();
        link.over();
        Visit again = from("192.0.2.1").orElseThrow();
        again.over();

        pass(Caller.REMEMBERED.minusNanos(1));
        crowd(10_000);
        assertThat(from("192.0.2.1")).isPresent();
        pass(Duration.ofNanos(1));
        assertThat(from("192.0.2.1")).as("it is a stranger again").isEmpty();
    }

    @Test
    @DisplayName("those who are known have a bound too, and an address that is known has that of an address")
    void knownBound() {
        for (int i = 0; i < 30; i++) {
            from("10.2.0." + i).orElseThrow().proven();
        }
        List<Visit> in = new ArrayList<>();
        for (int round = 0; round < 30; round++) {
            for (int i = 0; i < 30; i++) {
                from("10.2.0." + i).ifPresent(in::add);
            }
        }
        assertThat(in).hasSize(20);
        assertThat(from("10.3.0.1")).as("a stranger").isPresent();
        in.forEach(Visit::over);
        for (int i = 0; i < 5; i++) {
            from("10.2.0.1");
        }
        assertThat(keeper.state().handshakes()).isLessThanOrEqualTo(1 + LIMITS.ofAddress());
    }

    @Test
    @DisplayName("it remembers a bounded number of addresses, those with somebody there among them")
    void memory() {
        Visit link = from("192.0.2.1").orElseThrow();
        link.proven();
        for (int i = 0; i < 3 * Doorkeeper.REMEMBERED; i++) {
            Visit visit = from("10.0." + (i >> 8) + "." + (i & 255)).orElseThrow();
            visit.proven();
            visit.over();
        }
        assertThat(keeper.remembered()).isEqualTo(Doorkeeper.REMEMBERED);
        for (int i = 0; i < 3 * Doorkeeper.REMEMBERED; i++) {
            from("11.0." + (i >> 8) + "." + (i & 255)).orElseThrow().over();
            pass(Duration.ofSeconds(1).dividedBy(LIMITS.perSecond()));
        }
        assertThat(keeper.remembered()).isEqualTo(Doorkeeper.REMEMBERED);
        for (int i = 0; i < 100; i++) {
            from("12.0.0." + i);
        }
        assertThat(from("12.1.0.0")).as("a stranger").isEmpty();
        assertThat(from("192.0.2.1")).as("a link is there").isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "10:30", "10:0:20", "10:101:20", "20:30:10", "-1", "1:1:99999999", "a:b:c"})
    @DisplayName("bounds that cannot be are refused")
    void wrong(String text) {
        assertThatThrownBy(() -> DoorLimits.Crowd.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
