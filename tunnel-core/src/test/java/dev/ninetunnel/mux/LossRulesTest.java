package dev.ninetunnel.mux;

import static dev.ninetunnel.mux.Bench.MSIZE;
import static dev.ninetunnel.mux.Bench.QID;
import static dev.ninetunnel.mux.Bench.tattach;
import static dev.ninetunnel.mux.Bench.walk;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rattach;
import dev.ninetunnel.wire.message.Rclunk;
import dev.ninetunnel.wire.message.Rflush;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rversion;
import dev.ninetunnel.wire.message.Tattach;
import dev.ninetunnel.wire.message.Tauth;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tflush;
import dev.ninetunnel.wire.message.Tversion;
import java.time.Duration;
import java.util.OptionalInt;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Rule M14: in each state in which a local client can be when a conversation is lost, who has got nothing of it waits for the
 * next one, and goes on there; who has gets errors (docs/running.md, "When the link is lost").
 */
class LossRulesTest {
    private static final Rlerror NOT_CONNECTED = new Rlerror(Errno.ENOTCONN.number());

    private static void lose(Bench bench) {
        bench.role.lost("bob has begun anew");
        bench.settle();
    }

    private static void reopen(Bench bench) {
        bench.open(MSIZE, Dialect.PLAIN, Dialect.LINUX);
    }

    @Test
    @DisplayName("M14 connected: it is served by the next conversation")
    void connected() {
        try (Bench bench = Bench.open()) {
            var client = bench.connect();
            lose(bench);
            reopen(bench);
            assertThat(client.version(MSIZE, "9P2000.L")).isEqualTo(new Rversion(MSIZE, Text.of("9P2000.L")));
        }
    }

    @Test
    @DisplayName("M14 Tversion sent while the peer is away: answered by the session that takes the place of the one that is lost")
    void versionSent() {
        try (Bench bench = Bench.open()) {
            var old = bench.attached();
            bench.role.away();
            var client = bench.connect();
            client.send(Frame.NOTAG, new Tversion(MSIZE, Text.of("9P2000.L")));
            bench.pass(Duration.ofSeconds(9));
            lose(bench);
            assertThat(old.isOpen()).isFalse();
            client.gotNothing();
            reopen(bench);
            assertThat(client.reply(Frame.NOTAG)).isEqualTo(new Rversion(MSIZE, Text.of("9P2000.L")));
            client.attach(0);
        }
    }

    @Test
    @DisplayName("M14 Tversion sent while the peer is away: no session within 10 seconds of it is an error")
    void versionSentTooLongAgo() {
        try (Bench bench = Bench.open()) {
            bench.role.away();
            var client = bench.connect();
            client.send(Frame.NOTAG, new Tversion(MSIZE, Text.of("9P2000.L")));
            bench.pass(Duration.ofSeconds(9));
            lose(bench);
            bench.pass(Duration.ofSeconds(2));
            assertThat(client.reply(Frame.NOTAG)).isEqualTo(NOT_CONNECTED);
            assertThat(client.isOpen()).isFalse();
        }
    }

    @Test
    @DisplayName("M14 another Tversion, whose client is being cleaned up behind: answered by the next conversation")
    void versionSentAgain() {
        try (Bench bench = Bench.open()) {
            var client = bench.attached();
            client.send(Frame.NOTAG, new Tversion(MSIZE, Text.of("9P2000.L")));
            assertThat(bench.far.one().message()).isInstanceOf(Tclunk.class);
            lose(bench);
            reopen(bench);
            assertThat(client.reply(Frame.NOTAG)).isEqualTo(new Rversion(MSIZE, Text.of("9P2000.L")));
            client.attach(0);
        }
    }

    @Test
    @DisplayName("M14 a version agreed, and nothing else: what was agreed holds in the next conversation")
    void versionAgreed() {
        try (Bench bench = Bench.open()) {
            var client = bench.client(Dialect.LINUX);
            var plain = bench.client(Dialect.PLAIN);
            lose(bench);
            client.send(0, tattach(0));
            bench.pass(Duration.ofSeconds(9));
            client.gotNothing();
            reopen(bench);
            var asked = bench.far.one();
            bench.far.reply(asked.tag(), new Rattach(QID));
            assertThat(client.reply(0)).isEqualTo(new Rattach(QID));
            assertThat(plain.isOpen()).isTrue();
        }
    }

    @Test
    @DisplayName("M14 an attach sent and not answered: it is sent again, and its answer is the client's")
    void attachSent() {
        try (Bench bench = Bench.open()) {
            bench.attached();
            var client = bench.client(Dialect.LINUX);
            client.send(7, tattach(5));
            assertThat(((Tattach) bench.far.one().message()).fid()).as("the far side's number").isEqualTo(1);
            lose(bench);
            client.gotNothing();
            reopen(bench);
            var asked = bench.far.one();
            assertThat(asked.message()).isEqualTo(tattach(0));
            bench.far.reply(asked.tag(), new Rattach(QID));
            assertThat(client.reply(7)).isEqualTo(new Rattach(QID));
            client.walk(5, 6, "a");
        }
    }

    @Test
    @DisplayName("M14 a Tauth sent and not answered: it is sent again")
    void authSent() {
        try (Bench bench = Bench.open()) {
            var client = bench.client(Dialect.LINUX);
            Tauth tauth = new Tauth(3, Text.of("me"), Text.EMPTY, OptionalInt.of(1000));
            client.send(1, tauth);
            bench.far.one();
            lose(bench);
            reopen(bench);
            var asked = bench.far.one();
            assertThat(asked.message()).isEqualTo(new Tauth(0, Text.of("me"), Text.EMPTY, OptionalInt.of(1000)));
            bench.far.reply(asked.tag(), new Rlerror(Errno.EOPNOTSUPP.number()));
            assertThat(client.reply(1)).isEqualTo(new Rlerror(Errno.EOPNOTSUPP.number()));
        }
    }

    @Test
    @DisplayName("M14 an attach sent and flushed: the flush is answered, and the attach not sent again")
    void attachFlushed() {
        try (Bench bench = Bench.open()) {
            var client = bench.client(Dialect.LINUX);
            client.send(7, tattach(5));
            client.send(8, new Tflush(7));
            bench.far.all();
            lose(bench);
            assertThat(client.reply(8)).isEqualTo(new Rflush());
            reopen(bench);
            bench.far.gotNothing();
            client.attach(5);
        }
    }

    @Test
    @DisplayName("M14 an attach that waits for another conversation is an error after 10 seconds, and a Tflush behind it is answered")
    void attachWaitsTooLong() {
        try (Bench bench = Bench.open()) {
            var client = bench.client(Dialect.LINUX);
            client.send(7, tattach(5));
            bench.far.one();
            lose(bench);
            bench.pass(Duration.ofSeconds(9));
            client.send(8, new Tflush(7));
            client.gotNothing();
            bench.pass(Duration.ofSeconds(2));
            assertThat(client.got()).containsExactly(new Bench.Got<>(7, NOT_CONNECTED),
                    new Bench.Got<>(8, new Rflush()));
            assertThat(client.isOpen()).isFalse();
        }
    }

    @Test
    @DisplayName("M9 and M10 a next conversation that cannot do what was agreed is none for that client")
    void lessIsSpoken() {
        try (Bench bench = Bench.open()) {
            var linux = bench.client(Dialect.LINUX);
            var plain = bench.client(Dialect.PLAIN);
            linux.send(7, tattach(5));
            bench.far.one();
            lose(bench);
            bench.open(MSIZE, Dialect.PLAIN);
            assertThat(linux.reply(7)).isEqualTo(NOT_CONNECTED);
            assertThat(linux.isOpen()).isFalse();
            assertThat(plain.isOpen()).isTrue();
            lose(bench);
            bench.open(MSIZE - 1, Dialect.PLAIN);
            assertThat(plain.isOpen()).isFalse();
        }
    }

    @Test
    @DisplayName("M14 a walk sent and not answered: an error, for nobody knows whether it was done")
    void walkSent() {
        try (Bench bench = Bench.open()) {
            var client = bench.attached();
            client.send(1, walk(0, 1, "a"));
            bench.far.one();
            lose(bench);
            assertThat(client.reply(1)).isEqualTo(NOT_CONNECTED);
            assertThat(client.isOpen()).isFalse();
        }
    }

    @Test
    @DisplayName("M14 an attach and a walk behind it, neither answered: errors")
    void walkSentBehindAttach() {
        try (Bench bench = Bench.open()) {
            var client = bench.client(Dialect.LINUX);
            client.send(1, tattach(0));
            client.send(2, walk(0, 1, "a"));
            bench.far.all();
            lose(bench);
            assertThat(client.got()).containsExactlyInAnyOrder(new Bench.Got<>(1, NOT_CONNECTED),
                    new Bench.Got<>(2, NOT_CONNECTED));
            assertThat(client.isOpen()).isFalse();
        }
    }

    @Test
    @DisplayName("M14 a fid held: closed, for the fid is gone; all fids clunked: it goes on")
    void fidHeld() {
        try (Bench bench = Bench.open()) {
            var holds = bench.attached();
            var had = bench.attached();
            had.send(1, new Tclunk(0));
            bench.far.reply(bench.far.one().tag(), new Rclunk());
            assertThat(had.reply(1)).isEqualTo(new Rclunk());
            lose(bench);
            assertThat(holds.isOpen()).isFalse();
            reopen(bench);
            had.attach(0);
        }
    }

    @Test
    @DisplayName("what waits for another conversation is turned away when this endpoint stops")
    void stops() {
        try (Bench bench = Bench.open()) {
            var client = bench.client(Dialect.LINUX);
            client.send(7, tattach(5));
            bench.far.one();
            lose(bench);
            bench.role.shutdown(Duration.ofSeconds(5));
            bench.settle();
            assertThat(client.reply(7)).isEqualTo(NOT_CONNECTED);
            assertThat(client.isOpen()).isFalse();
        }
    }
}
