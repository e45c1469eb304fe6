package dev.ninetunnel.mux;

import static dev.ninetunnel.mux.Bench.MSIZE;
import static dev.ninetunnel.mux.Bench.QID;
import static dev.ninetunnel.mux.Bench.tattach;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.mux.Bench.Client;
import dev.ninetunnel.mux.Bench.Got;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.LeaseKinds;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rattach;
import dev.ninetunnel.wire.message.Rbehind;
import dev.ninetunnel.wire.message.Rbreak;
import dev.ninetunnel.wire.message.Rbreaks;
import dev.ninetunnel.wire.message.Rclunk;
import dev.ninetunnel.wire.message.Rgetattr;
import dev.ninetunnel.wire.message.Rgranted;
import dev.ninetunnel.wire.message.Rlcreate;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rversion;
import dev.ninetunnel.wire.message.Rwrite;
import dev.ninetunnel.wire.message.Tbehind;
import dev.ninetunnel.wire.message.Tbreak;
import dev.ninetunnel.wire.message.Tbreaks;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tgetattr;
import dev.ninetunnel.wire.message.Tlcreate;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Twant;
import dev.ninetunnel.wire.message.Twrite;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Leases on the socket of local clients (docs/protocol.md, "For local clients"). */
class LocalLeasesTest {
    private static final String ASKED = "9P2000.L.ninetunnel.lease";
    private static final String ANSWERED = "9P2000.L.ninetunnel.lease=7500";
    private static final int A = LeaseKinds.ATTRIBUTES;
    private static final long FARS = 77;
    private static final Rgetattr ATTRIBUTES = new Rgetattr(0x3fff, QID, 040755, 0, 0, 1, 0, 0, 4096, 1, 0, 0, 0, 0, 0,
            0, 0,
            0, 0, 0);

    /** A client that has attached as fid 0, with a lease on the attributes of the root under the number 1. */
    private static Client leased(Bench bench) {
        Client client = bench.connect();
        assertThat(client.version(MSIZE, ASKED)).isEqualTo(new Rversion(MSIZE, Text.of(ANSWERED)));
        client.send(0, tattach(0));
        bench.far.reply(bench.far.one().tag(), new Rgranted(0, 0, new Rattach(QID)));
        assertThat(client.reply(0)).isEqualTo(new Rattach(QID));
        look(bench, client);
        return client;
    }

    private static void look(Bench bench, Client client) {
        client.send(1, new Twant(A, new Tgetattr(0, 0x7ff)));
        bench.far.reply(bench.far.one().tag(), new Rgranted(A, FARS, ATTRIBUTES));
        assertThat(client.reply(1)).isEqualTo(new Rgranted(A, 1, ATTRIBUTES));
    }

    /** What the client is asked, and has not looked at yet. */
    private static Got<Tmessage> recall(Client client) {
        ByteBuf frame = client.channel.readOutbound();
        assertThat(frame).as("a request of the endpoint").isNotNull();
        Got<Tmessage> recall = new Got<>(Frame.tag(frame), Tmessage.read(frame));
        frame.release();
        return recall;
    }

    private static boolean[] recalled(Bench bench) {
        boolean[] answered = new boolean[1];
        bench.role.recalled(FARS, A, () -> answered[0] = true);
        bench.settle();
        return answered;
    }

    private static void answer(Client client, int tag) {
        client.raw(out -> new Rbreak().write(out, tag));
    }

    @Test
    @DisplayName("who asks for leases has them where something is kept of what is granted, and else what is left of the version")
    void negotiated() {
        try (Bench bench = Bench.caching(1 << 20)) {
            Client client = bench.connect();
            assertThat(client.version(MSIZE, "9P2000.L.ninetunnel"))
                    .isEqualTo(new Rversion(MSIZE, Text.of("9P2000.L.ninetunnel")));
            assertThat(client.version(MSIZE, ASKED)).isEqualTo(new Rversion(MSIZE, Text.of(ANSWERED)));
            assertThat(client.version(MSIZE, ASKED + ".more")).isEqualTo(new Rversion(MSIZE, Text.of(ANSWERED)));
        }
        try (Bench bench = Bench.open()) {
            assertThat(bench.connect().version(MSIZE, ASKED))
                    .isEqualTo(new Rversion(MSIZE, Text.of("9P2000.L.ninetunnel")));
        }
    }

    @Test
    @DisplayName("rule 31: a break goes on to the client, and back when it has answered")
    void broken() {
        try (Bench bench = Bench.caching(1 << 20)) {
            Client client = leased(bench);
            boolean[] answered = recalled(bench);
            Got<Tmessage> recall = recall(client);
            assertThat(recall.message()).isEqualTo(new Tbreak(1, A));
            assertThat(answered[0]).isFalse();
            answer(client, recall.tag() + 1);
            assertThat(answered[0]).as("after an answer to nothing").isFalse();
            answer(client, recall.tag());
            assertThat(answered[0]).isTrue();
            assertThat(client.isOpen()).isTrue();
        }
    }

    @Test
    @DisplayName("the far side is asked for several leases by one message, and one by one if it does not take that")
    void several() {
        try (Bench bench = Bench.caching(1 << 20)) {
            List<String> heard = new ArrayList<>();
            long[] leases = {3, 5};
            bench.role.recallAll(leases, () -> heard.add("given up"), () -> heard.add("refused"));
            Got<Tmessage> asked = bench.far.one();
            assertThat(((Tbreaks) asked.message()).numbers()).isEqualTo(leases);
            assertThat(heard).isEmpty();
            bench.far.reply(asked.tag(), new Rbreaks());
            bench.role.recallAll(leases, () -> heard.add("given up"), () -> heard.add("refused"));
            bench.far.reply(bench.far.one().tag(), new Rlerror(Errno.EOPNOTSUPP.number()));
            assertThat(heard).containsExactly("given up", "refused");
        }
    }

    @Test
    @DisplayName("a client that does not answer while what it was granted may be good is cut, and its leases end")
    void silent() {
        try (Bench bench = Bench.caching(1 << 20)) {
            Client client = leased(bench);
            boolean[] answered = recalled(bench);
            recall(client);
            bench.pass(Duration.ofMillis(7499));
            assertThat(client.isOpen()).isTrue();
            assertThat(answered[0]).isFalse();
            bench.pass(Duration.ofMillis(2));
            assertThat(client.isOpen()).isFalse();
            assertThat(answered[0]).isTrue();
        }
    }

    @Test
    @DisplayName("what was written behind by a client that leaves is not flushed, and its fid not ended before it has its reply")
    void writtenBehind() {
        try (Bench bench = Bench.caching(1 << 20)) {
            Client client = leased(bench);
            Qid file = new Qid(Qid.FILE, 1, 9);
            client.send(2, new Tlcreate(0, Text.of("f"), 0201, 0644, 0));
            bench.far.all().forEach(asked -> bench.far.reply(asked.tag(), switch (asked.message()) {
                case Tlcreate _ -> new Rlcreate(file, 0);
                case Twant(int want, Tgetattr _) -> new Rgranted(want, FARS + 1,
                        new Rgetattr(0x3fff, file, 0100644, 0, 0, 1, 0, 0, 4096, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
                default -> throw new AssertionError(asked);
            }));
            client.reply(2);
            client.send(3, new Twrite(0, 5, Unpooled.copiedBuffer(new byte[8000])));
            assertThat(client.reply(3)).isEqualTo(new Rwrite(8000));
            Got<Tmessage> behind = bench.far.one();
            assertThat(behind.message())
                    .isEqualTo(new Tbehind(FARS + 1, 0, 5, Unpooled.copiedBuffer(new byte[8000])));
            client.hangUp();
            assertThat(bench.far.all()).as("while it is being written").isEmpty();
            boolean[] answered = new boolean[1];
            bench.role.recalled(FARS + 1, LeaseKinds.EXCLUSIVE, () -> answered[0] = true);
            assertThat(answered[0]).as("given up before it is written").isFalse();
            bench.far.reply(behind.tag(), new Rbehind(8000));
            assertThat(answered[0]).isTrue();
            Got<Tmessage> clunk = bench.far.one();
            assertThat(clunk.message()).isEqualTo(new Tclunk(0));
            bench.far.reply(clunk.tag(), new Rclunk());
        }
    }

    @Test
    @DisplayName("to who has not asked for leases, their messages are unknown")
    void unknownToOthers() {
        try (Bench bench = Bench.caching(1 << 20)) {
            Client client = bench.client(dev.ninetunnel.wire.Dialect.LINUX);
            client.send(3, new Twant(A, new Tgetattr(0, 0x7ff)));
            assertThat(client.reply(3)).isInstanceOf(Rlerror.class);
            bench.far.gotNothing();
            answer(client, 0);
            assertThat(client.isOpen()).as("after a reply to nothing").isFalse();
        }
    }

    @Test
    @DisplayName("those of leases that an endpoint alone may send are unknown to local clients that have leases, too")
    void endpointsOwn() {
        try (Bench bench = Bench.caching(1 << 20)) {
            Client client = leased(bench);
            client.send(4, new Tbreak(1, A));
            assertThat(client.reply(4)).isInstanceOf(Rlerror.class);
            bench.far.gotNothing();
        }
    }
}
