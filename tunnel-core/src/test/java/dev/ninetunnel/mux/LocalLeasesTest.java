package dev.ninetunnel.mux;

import static dev.ninetunnel.mux.Bench.MSIZE;
import static dev.ninetunnel.mux.Bench.QID;
import static dev.ninetunnel.mux.Bench.tattach;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.mux.Bench.Client;
import dev.ninetunnel.mux.Bench.Got;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.LeaseKinds;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rattach;
import dev.ninetunnel.wire.message.Rbreak;
import dev.ninetunnel.wire.message.Rgetattr;
import dev.ninetunnel.wire.message.Rgranted;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rversion;
import dev.ninetunnel.wire.message.Tbreak;
import dev.ninetunnel.wire.message.Tgetattr;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Twant;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
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
