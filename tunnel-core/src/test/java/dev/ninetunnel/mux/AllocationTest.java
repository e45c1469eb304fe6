package dev.ninetunnel.mux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.link.FrameSink;
import dev.ninetunnel.mux.Bench.Got;
import dev.ninetunnel.testing.Allocated;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.FrameDecoder;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.message.Rattach;
import dev.ninetunnel.wire.message.Rgranted;
import dev.ninetunnel.wire.message.Rlopen;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Rwalk;
import dev.ninetunnel.wire.message.Rwrite;
import dev.ninetunnel.wire.message.Tlopen;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Twant;
import dev.ninetunnel.wire.message.Twrite;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What a request and its reply allocate between the decoder of a local client and the link. The same two buffers go to
 * and fro, and are made before the counting begins, so that all that is counted is of the client role.
 */
class AllocationTest {
    /** No more than a few stray objects in ten thousand messages. */
    private static final double NOTHING = 1;
    /** Where files are kept. A question about a file that nobody has leased is an object or two, and so are the lists that it stands in. */
    private static final double ASKED = 400;
    private static final double CHANGED = 1200;
    private static final int FID = 1000;
    /** O_RDWR. */
    private static final int OPEN = 2;
    private static final Qid FILE = new Qid(Qid.FILE, 1, 2);

    /** The far side: until the counting begins that of the bench, and then one that answers with the same frame. */
    private static final class Answering implements FrameSink {
        private final Bench bench;
        private ByteBuf reply;

        Answering(Bench bench) {
            this.bench = bench;
        }

        @Override
        public void accept(ByteBuf frame) {
            if (reply == null) {
                bench.far.accept(frame);
                return;
            }
            Frame.tag(reply, Frame.tag(frame));
            frame.release();
        }
    }

    /** Takes what is written to the client, as a socket would. */
    private static final class Socket extends ChannelOutboundHandlerAdapter {
        private int frames;

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            frames++;
            ((ByteBuf) message).release();
        }
    }

    private static ByteBuf frame(java.util.function.Consumer<ByteBuf> writer) {
        ByteBuf frame = Unpooled.buffer();
        writer.accept(frame);
        return frame;
    }

    /** The bytes that a request and its reply allocate. */
    private static double bytes(Tmessage asked, int fid, Rmessage answered) {
        try (Bench bench = new Bench()) {
            Answering far = new Answering(bench);
            bench.role.open(new RemoteParameters(Bench.MSIZE, EnumSet.of(Dialect.LINUX)), far);
            Bench.Client client = bench.attached();
            client.attach(fid);
            return bytes(bench, far, client, asked, fid, answered);
        }
    }

    /** The same where files are kept, on a file that is open and too long to be. */
    private static double bytesThroughCache(Tmessage asked, Rmessage answered) {
        try (Bench bench = Bench.caching(1 << 16)) {
            Answering far = new Answering(bench);
            bench.role.lost("another far side comes");
            bench.role.open(new RemoteParameters(Bench.MSIZE, EnumSet.of(Dialect.LINUX)).withExtended(true)
                    .withLease(Duration.ofSeconds(10)), far);
            Bench.Client client = bench.client(Dialect.LINUX);
            answered(bench, client, Bench.tattach(0), new Rattach(Bench.QID));
            answered(bench, client, Bench.walk(0, FID, "f"), new Rwalk(List.of(FILE)));
            answered(bench, client, new Tlopen(FID, OPEN), new Rlopen(FILE, 0));
            return bytes(bench, far, client, asked, FID, answered);
        }
    }

    private static void answered(Bench bench, Bench.Client client, Tmessage asked, Rmessage answer) {
        client.send(1, asked);
        for (Got<Tmessage> got : bench.far.all()) {
            bench.far.reply(got.tag(), got.message() instanceof Twant ? new Rgranted(0, 0, answer) : answer);
        }
        assertThat(client.reply(1)).isEqualTo(answer);
    }

    private static double bytes(Bench bench, Answering far, Bench.Client client, Tmessage asked, int fid,
            Rmessage answered) {
        ByteBuf request = frame(out -> asked.write(out, 1));
        ByteBuf reply = frame(out -> answered.write(out, 1));
        ChannelHandlerContext decoder = client.channel.pipeline().context(FrameDecoder.class);
        Socket socket = new Socket();
        client.channel.pipeline().addFirst(socket);
        far.reply = reply;
        double bytes = Allocated.bytesEach(() -> {
            Frame.tag(request, 1);
            request.setIntLE(Frame.HEADER, fid);
            decoder.fireChannelRead(request.retain());
            decoder.fireChannelReadComplete();
            bench.role.accept(reply.retain());
            bench.role.endOfBatch();
        });
        assertThat(socket.frames).isEqualTo(20_000);
        far.reply = null;
        client.channel.pipeline().remove(socket);
        assertThat(request.release()).as("nobody holds the request").isTrue();
        assertThat(reply.release()).as("nobody holds the reply").isTrue();
        return bytes;
    }

    private static Twrite write(int fid, int bytes) {
        return new Twrite(fid, 0, Bench.bytes(bytes));
    }

    @Test
    @DisplayName("a small request and its reply are rewritten in place, and allocate nothing")
    void small() {
        assertThat(bytes(write(1000, 4000), 1000, new Rwrite(4000))).as("a write").isLessThan(NOTHING);
        assertThat(bytes(new Tread(1000, 0, 4000), 1000, new Rread(Bench.bytes(4000)))).as("a read")
                .isLessThan(NOTHING);
    }

    @Test
    @DisplayName("bulk is rewritten in place, and takes its turn without allocating anything")
    void bulk() {
        assertThat(bytes(write(1000, 40_000), 1000, new Rwrite(40_000))).as("a write").isLessThan(NOTHING);
        assertThat(bytes(new Tread(1000, 0, 40_000), 1000, new Rread(Bench.bytes(40_000)))).as("a read")
                .isLessThan(NOTHING);
    }

    @Test
    @DisplayName("where files are kept, bulk that is not costs an object or two a request, and a write no sets")
    void throughCache() {
        assertThat(bytesThroughCache(write(FID, 40_000), new Rwrite(40_000))).as("a write").isLessThan(CHANGED);
        assertThat(bytesThroughCache(new Tread(FID, 1 << 20, 40_000), new Rread(Bench.bytes(40_000)))).as("a read")
                .isLessThan(ASKED);
    }
}
