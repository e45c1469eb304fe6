package dev.ninetunnel.link.accept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ninetunnel.audit.Audit;
import dev.ninetunnel.link.HandshakeLimits;
import dev.ninetunnel.link.Logged;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may wait at the door, and whose handshake begins next, in virtual time. */
class HandshakeLimiterTest {
    private static final HandshakeLimits LIMITS = new HandshakeLimits(new HandshakeLimits.Crowd(10, 30, 20), 4, 8, 2);
    private static final Duration STEP = Duration.ofMillis(2);
    /** From the beginning of one turn to that of the next, by what is left for the links. */
    private static final Duration OF_KNOWN = STEP.multipliedBy(100).dividedBy(HandshakeLimiter.KNOWN_PERCENT);
    private static final Duration OF_STRANGERS = STEP.multipliedBy(100).dividedBy(HandshakeLimiter.STRANGERS_PERCENT);

    private final Logged logged = new Logged();
    private final EmbeddedChannel clock = new EmbeddedChannel();
    private HandshakeLimiter keeper = keeper(LIMITS);
    /** Whose turn has come, oldest first. */
    private final List<Guest> heard = new ArrayList<>();
    private final List<Guest> away = new ArrayList<>();
    private final Deque<Guest> turns = new ArrayDeque<>();
    /** Whether each handshake is over with its first step. */
    private boolean comesToNothing;

    private final class Guest implements Waiter {
        private final String from;
        private PendingConnection pendingConnection;

        Guest(String from) {
            this.from = from;
        }

        @Override
        public void turn() {
            turns.add(this);
        }

        @Override
        public void sendAway(String why) {
            away.add(this);
        }
    }

    private HandshakeLimiter keeper(HandshakeLimits limits) {
        clock.freezeTime();
        return new HandshakeLimiter(limits, clock.eventLoop(), new Random(1), Audit.NONE);
    }

    @AfterEach
    void close() {
        logged.close();
        clock.finishAndReleaseAll();
    }

    private void pass(Duration time) {
        clock.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
        clock.runScheduledPendingTasks();
    }

    /** Lets so much time go by, while each turn takes {@link #STEP} of the loop. */
    private void work(Duration time) {
        long until = clock.eventLoop().ticker().nanoTime() + time.toNanos();
        while (clock.eventLoop().ticker().nanoTime() < until) {
            clock.runScheduledPendingTasks();
            Guest next = turns.poll();
            if (next == null) {
                pass(Duration.ofNanos(250_000));
            } else {
                clock.advanceTimeBy(STEP.toNanos(), TimeUnit.NANOSECONDS);
                heard.add(next);
                next.pendingConnection.heard(STEP.toNanos());
                if (comesToNothing) {
                    next.pendingConnection.over();
                }
            }
        }
    }

    private Optional<Guest> from(String address) {
        Guest guest = new Guest(address);
        return keeper.admit(new InetSocketAddress(InetAddress.ofLiteral(address), 40000), guest)
                .map(pendingConnection -> {
                    guest.pendingConnection = pendingConnection;
                    return guest;
                });
    }

    /** The same, and it has something to say. */
    private Optional<Guest> ready(String address) {
        Optional<Guest> guest = from(address);
        guest.ifPresent(g -> g.pendingConnection.ready());
        return guest;
    }

    /** One from there has a link. */
    private Guest linked(String address) {
        Guest guest = ready(address).orElseThrow();
        work(OF_STRANGERS.multipliedBy(2));
        assertThat(heard).last().isSameAs(guest);
        guest.pendingConnection.proven();
        heard.clear();
        return guest;
    }

    /** From so many addresses, each once; returns who was let in. */
    private List<Guest> crowd(int size) {
        return crowd("10", size);
    }

    private List<Guest> crowd(String network, int size) {
        List<Guest> in = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            from(network + "." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255)).ifPresent(in::add);
        }
        return in;
    }

    private long turnsOf(String prefix) {
        return heard.stream().filter(g -> g.from.startsWith(prefix)).count();
    }

    // ---- who may wait

    @ParameterizedTest
    @CsvSource({"192.0.2.1, 192.0.2.1, 192.0.2.2", "2001:db8::1, 2001:db8::ffff:1, 2001:db8:0:1::1",
            "::ffff:192.0.2.1, 192.0.2.1, 2001:db8::1"})
    @DisplayName("an address, or a /64 of IPv6, may have a few connections there, which takes nothing from others")
    void ofAddress(String one, String same, String other) {
        List<Guest> in = new ArrayList<>();
        for (int i = 0; i < LIMITS.ofAddress(); i++) {
            in.add(from(i % 2 == 0 ? one : same).orElseThrow());
        }
        assertThat(from(one)).isEmpty();
        assertThat(from(same)).isEmpty();
        assertThat(logged.warnings()).last().asString().contains("4 connections in their handshake already");
        assertThat(from(other)).isPresent();
        in.getFirst().pendingConnection.over();
        assertThat(from(one)).isPresent();
        assertThat(keeper.refusals().count(RejectionLog.Kind.CROWD)).isEqualTo(2);
    }

    @Test
    @DisplayName("the fuller it is, the more are turned away, by chance; and all when it is full")
    void chance() {
        HandshakeLimits.Crowd crowd = LIMITS.handshakes();
        assertThat(crowd.turnedAway(9)).isZero();
        assertThat(crowd.turnedAway(10)).isEqualTo(30);
        assertThat(crowd.turnedAway(15)).isEqualTo(65);
        assertThat(crowd.turnedAway(20)).isEqualTo(100);

        assertThat(crowd(10)).hasSize(10);
        assertThat(logged.warnings()).isEmpty();
        List<Guest> more = crowd("11", 1000);
        assertThat(more).as("10 more are let in, and not the first 10 that come").hasSize(10);
        assertThat(keeper.state().handshakes()).isEqualTo(20);
        assertThat(logged.warnings()).anySatisfy(w -> assertThat(w).contains("by chance"));
        more.getFirst().pendingConnection.over();
        assertThat(crowd("12", 1000)).hasSize(1);
    }

    @Test
    @DisplayName("in a crowd the address with the most gives way, its last connection first, and nobody else notices it")
    void crowdOfOne() {
        keeper = keeper(new HandshakeLimits(new HandshakeLimits.Crowd(10, 30, 20), 20, 1000, 1000));
        List<Guest> flood = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            from("198.51.100.1").ifPresent(flood::add);
        }
        assertThat(flood).as("alone, an address may have all the room").hasSize(20);
        for (int i = 0; i < 10; i++) {
            assertThat(from("192.0.2." + i)).isPresent();
        }
        assertThat(away).containsExactlyElementsOf(flood.reversed().subList(0, 10));
        assertThat(keeper.state().handshakes()).isEqualTo(20);
    }

    @Test
    @DisplayName("strangers cannot use up what those have who were proven lately from their address")
    void known() {
        Guest link = linked("192.0.2.1");
        pass(Duration.ofDays(30));
        crowd(10_000);
        assertThat(from("203.0.113.1")).as("a stranger").isEmpty();
        link.pendingConnection.over();
        from("192.0.2.1").orElseThrow().pendingConnection.over();

        pass(SourceState.REMEMBERED.minusNanos(1));
        crowd(10_000);
        assertThat(from("192.0.2.1")).isPresent();
        pass(Duration.ofNanos(1));
        assertThat(from("192.0.2.1")).as("it is a stranger again").isEmpty();
    }

    @Test
    @DisplayName("those who are known have a bound too, and an address that is known has that of an address")
    void knownBound() {
        for (int i = 0; i < 30; i++) {
            linked("10.2.0." + i);
        }
        List<Guest> in = new ArrayList<>();
        for (int round = 0; round < 30; round++) {
            for (int i = 0; i < 30; i++) {
                from("10.2.0." + i).ifPresent(in::add);
            }
        }
        assertThat(in.size() - away.size()).isEqualTo(20);
        assertThat(from("10.3.0.1")).as("a stranger").isPresent();
        in.forEach(g -> g.pendingConnection.over());
        for (int i = 0; i < 5; i++) {
            from("10.2.0.1");
        }
        assertThat(keeper.state().handshakes()).isLessThanOrEqualTo(1 + LIMITS.ofAddress());
    }

    @Test
    @DisplayName("it remembers a bounded number of addresses, those with somebody there among them")
    void memory() {
        keeper = keeper(new HandshakeLimits(LIMITS.handshakes(), 4, HandshakeLimits.MOST, HandshakeLimits.MOST));
        linked("192.0.2.1");
        for (int i = 0; i < 3 * Sources.REMEMBERED; i++) {
            Guest guest = ready("10.0." + (i >> 8) + "." + (i & 255)).orElseThrow();
            pass(Duration.ofMillis(1));
            turns.remove().pendingConnection.heard(0);
            guest.pendingConnection.proven();
            guest.pendingConnection.over();
        }
        assertThat(keeper.remembered()).isEqualTo(Sources.REMEMBERED);
        for (int i = 0; i < 3 * Sources.REMEMBERED; i++) {
            from("11.0." + (i >> 8) + "." + (i & 255)).orElseThrow().pendingConnection.over();
        }
        assertThat(keeper.remembered()).isEqualTo(Sources.REMEMBERED);
        crowd("12", 100);
        assertThat(from("12.1.0.0")).as("a stranger").isEmpty();
        assertThat(from("192.0.2.1")).as("a link is there").isPresent();
    }

    // ---- whose turn it is

    /** Bounds that are not what is met. */
    private void wide() {
        keeper = keeper(new HandshakeLimits(new HandshakeLimits.Crowd(5000, 30, 5000), 5000, HandshakeLimits.MOST,
                HandshakeLimits.MOST));
    }

    @Test
    @DisplayName("1,000 peers behind one address have their turns as fast as the known ones' part of the loop allows")
    void storm() {
        wide();
        linked("192.0.2.1");
        for (int i = 0; i < 1000; i++) {
            ready("192.0.2.1");
        }
        assertThat(logged.warnings()).as("nobody is turned away").isEmpty();
        for (int i = 0; i < 1000; i++) {
            work(OF_KNOWN);
            heard.getLast().pendingConnection.proven();
        }
        assertThat(heard).hasSizeBetween(900, 1000);
    }

    @Test
    @DisplayName("whatever comes, the loop has the rest of its time for the links: strangers alone leave it three quarters")
    void leftForLinks() {
        wide();
        comesToNothing = true;
        for (int i = 0; i < 200; i++) {
            ready("10.0.0." + i);
        }
        work(Duration.ofMillis(800));
        assertThat(heard).hasSizeBetween(98, 102);
        pass(Duration.ofHours(1)); // quiet is not saved up
        heard.clear();
        work(Duration.ofMillis(80));
        assertThat(heard).hasSizeBetween(9, 12);
    }

    @Test
    @DisplayName("a flood of strangers costs known peers less than half of their handshakes")
    void floodAndKnown() {
        wide();
        linked("192.0.2.1");
        comesToNothing = true;
        for (int i = 0; i < 250; i++) {
            ready("192.0.2.1");
            ready("198.51.100.1");
            ready("10.0.0." + i);
        }
        work(Duration.ofMillis(400));
        assertThat(turnsOf("192.0.2.1")).isGreaterThan(75);
    }

    @Test
    @DisplayName("addresses have their turns one after another, however many connections each has; then the rest has all of it")
    void fair() {
        wide();
        for (int i = 0; i < 100; i++) {
            ready("198.51.100.1");
        }
        ready("192.0.2.1");
        ready("192.0.2.1");
        ready("2001:db8::1");
        ready("2001:db8::2");
        work(OF_STRANGERS.multipliedBy(8));
        assertThat(heard.subList(0, 7)).extracting(g -> g.from).containsExactly("198.51.100.1", "198.51.100.1",
                "192.0.2.1", "2001:db8::1", "198.51.100.1", "192.0.2.1", "2001:db8::2");
        assertThat(turnsOf("198.51.100.1")).isGreaterThanOrEqualTo(4);
    }

    @Test
    @DisplayName("who says nothing has no turn, and holds up nobody")
    void silent() {
        wide();
        for (int i = 0; i < 100; i++) {
            from("192.0.2.1");
        }
        Guest speaks = ready("192.0.2.1").orElseThrow();
        work(Duration.ofMillis(10));
        assertThat(heard).containsExactly(speaks);
    }

    @Test
    @DisplayName("who does not go on with the handshake holds others up for 3 seconds at most")
    void stalled() {
        wide();
        for (int i = 0; i < 2 * HandshakeShare.UNDER_WAY; i++) {
            ready("10.0." + i / 250 + "." + i % 250);
        }
        Guest last = ready("192.0.2.1").orElseThrow();
        work(HandshakeShare.ENOUGH.minusMillis(100));
        assertThat(heard).hasSize(HandshakeShare.UNDER_WAY);
        work(HandshakeShare.ENOUGH.multipliedBy(2));
        assertThat(heard).contains(last);
        assertThat(away).isNotEmpty().doesNotContain(last).containsExactlyElementsOf(heard.subList(0, away.size()));
    }

    @Test
    @DisplayName("who leaves before its turn leaves the others theirs")
    void leaves() {
        wide();
        List<Guest> all = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            all.add(ready("192.0.2." + i % 5).orElseThrow());
        }
        Collections.shuffle(all, new Random(2));
        all.subList(0, 30).forEach(g -> g.pendingConnection.over());
        turns.removeIf(g -> all.indexOf(g) < 30);
        work(Duration.ofSeconds(1));
        assertThat(heard).containsExactlyInAnyOrderElementsOf(all.subList(30, 50));
        all.subList(30, 50).forEach(g -> g.pendingConnection.over());
        assertThat(keeper.state().handshakes()).isZero();
    }

    @Test
    @DisplayName("an address begins so many handshakes in a second, if a bound is set; more of them wait")
    void paceOfAddress() {
        keeper = keeper(new HandshakeLimits(new HandshakeLimits.Crowd(500, 30, 500), 500, 100, 2));
        for (int i = 0; i < 100; i++) {
            ready("192.0.2.1");
        }
        work(Duration.ofSeconds(1));
        assertThat(heard).hasSizeBetween(11, 12);
        ready("192.0.2.2");
        work(Duration.ofMillis(20));
        assertThat(turnsOf("192.0.2.2")).isEqualTo(1);
        work(Duration.ofSeconds(10));
        assertThat(turnsOf("192.0.2.1")).isBetween(30L, 33L);
    }

    @Test
    @DisplayName("strangers begin so many in a second, if a bound is set; those that come to a link do not count")
    void paceOfStrangers() {
        keeper = keeper(new HandshakeLimits(new HandshakeLimits.Crowd(500, 30, 500), 500, 8, 1000));
        for (int i = 0; i < 100; i++) {
            ready("10.0.0." + i);
        }
        work(Duration.ofSeconds(1));
        assertThat(heard).hasSizeBetween(47, 48);
        heard.forEach(g -> g.pendingConnection.over());
        heard.clear();
        for (int i = 0; i < 60; i++) {
            work(OF_STRANGERS.multipliedBy(2));
            if (!heard.isEmpty()) {
                heard.getLast().pendingConnection.proven();
            }
        }
        work(Duration.ofSeconds(1));
        assertThat(heard).as("all that were left").hasSizeBetween(52, 53);
        assertThat(keeper.state().begun()).isEqualTo(100);
    }

    @Test
    @DisplayName("where descriptors are few, the usual room is a quarter of them; what was asked for stays")
    void descriptors() {
        assertThat(HandshakeLimits.DEFAULT.within(1024).handshakes()).hasToString("128:30:256");
        assertThat(HandshakeLimits.DEFAULT.within(8).handshakes()).hasToString("1:30:2");
        assertThat(HandshakeLimits.DEFAULT.within(1 << 20)).isEqualTo(HandshakeLimits.DEFAULT);
        assertThat(HandshakeLimits.DEFAULT.within(Long.MAX_VALUE)).isEqualTo(HandshakeLimits.DEFAULT);
        assertThat(LIMITS.within(8)).isEqualTo(LIMITS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "10:30", "10:0:20", "10:101:20", "20:30:10", "-1", "1:1:99999999", "a:b:c"})
    @DisplayName("bounds that cannot be are refused")
    void wrong(String text) {
        assertThatThrownBy(() -> HandshakeLimits.Crowd.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
