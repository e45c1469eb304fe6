package dev.ninetunnel.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.ninetunnel.export.Export;
import dev.ninetunnel.export.Exports;
import dev.ninetunnel.fs.local.LocalTrees;
import dev.ninetunnel.testing.FuzzedFrames;
import dev.ninetunnel.link.Transport;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rerror;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Rreaddir;
import dev.ninetunnel.wire.message.Rwalk;
import dev.ninetunnel.wire.message.Tattach;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tgetattr;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Treaddir;
import dev.ninetunnel.wire.message.Tversion;
import dev.ninetunnel.wire.message.Twalk;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * S1, S3 What an upstream server answers: the peer gets one reply to each request, of a kind that the request allows, or an
 * error. An input is the stream of its replies, that to Tversion the first, after which it hangs up.
 */
class UpstreamRepliesFuzz {
    private static final int MSIZE = 8192;
    private static final int COUNT = 64;
    private static final List<Tmessage> REQUESTS = List.of(
            new Tattach(0, Frame.NOFID, Text.of("u"), Text.of("any"), OptionalInt.of(0)), new Tgetattr(0, 0),
            new Twalk(0, 1, List.of(Text.of("a"), Text.of("b"))), new Tread(0, 0, COUNT), new Treaddir(0, 0, COUNT),
            new Tclunk(0));

    private static EventLoop loop;
    private static Workers workers;
    private static ServerSocket listening;

    @BeforeAll
    static void listen() throws IOException {
        loop = Transport.newLoops(1).next();
        workers = new Workers(Runnable::run);
        listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @AfterAll
    static void stop() throws IOException {
        listening.close();
        loop.parent().shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @FuzzTest
    void eachRequestGetsOneReplyThatItAllows(byte[] input) throws Exception {
        ConcurrentHashMap<Integer, Rmessage> replies = new ConcurrentHashMap<>();
        Export export = new Export("", new Export.Target.Upstream(new Export.Address.Tcp(
                InetSocketAddress.createUnresolved("127.0.0.1", listening.getLocalPort()))));
        try (Exports exports = new Exports(List.of(export), new LocalTrees())) {
            ServerRole role = new ServerRole(loop, exports, workers, ServerLimits.STANDARD.withMsize(MSIZE),
                    new ServerRole.Peer("test", true), frame -> take(frame, replies), new FarSide.Valve());
            send(role, Frame.NOTAG, new Tversion(MSIZE, Text.of("9P2000.L")));
            for (int tag = 0; tag < REQUESTS.size(); tag++) {
                send(role, tag, REQUESTS.get(tag));
            }
            answer(input);
            await().pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1)).atMost(Duration.ofSeconds(60))
                    .until(() -> replies.size() == REQUESTS.size() + 1);
            loop.submit(role::close).sync();
        }
        for (int tag = 0; tag < REQUESTS.size(); tag++) {
            check(REQUESTS.get(tag), replies.get(tag));
        }
    }

    private static void send(ServerRole role, int tag, Tmessage request) {
        ByteBuf frame = Unpooled.buffer();
        request.write(frame, tag);
        loop.execute(() -> role.accept(frame));
    }

    private static void take(ByteBuf frame, ConcurrentHashMap<Integer, Rmessage> replies) {
        ByteBuf copy = Unpooled.copiedBuffer(frame);
        frame.release();
        Rmessage again = replies.put(Frame.tag(copy), Rmessage.read(copy));
        if (again != null) {
            replies.put(-1, again);
        }
    }

    private static void answer(byte[] input) throws IOException {
        try (Socket client = listening.accept()) {
            OutputStream out = client.getOutputStream();
            FuzzedFrames frames = new FuzzedFrames(UnpooledByteBufAllocator.DEFAULT, input, 0, MSIZE);
            while (frames.hasNext()) {
                ByteBuf frame = frames.next();
                out.write(ByteBufUtil.getBytes(frame));
                frame.release();
            }
            client.shutdownOutput();
            client.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // The other side has had enough.
        }
    }

    private static void check(Tmessage request, Rmessage reply) {
        if (reply instanceof Rlerror) {
            return;
        }
        assertThat(reply).as("an error is one of the dialect").isNotInstanceOf(Rerror.class);
        assertThat(reply.type()).as("what answers %s", request).isEqualTo(request.type().reply());
        switch (reply) {
            case Rread read -> assertThat(read.data().readableBytes()).as("S3").isLessThanOrEqualTo(COUNT);
            case Rreaddir read -> assertThat(read.data().readableBytes()).as("S3").isLessThanOrEqualTo(COUNT);
            case Rwalk walk -> assertThat(walk.qids().size()).as("S3").isLessThanOrEqualTo(
                    ((Twalk) request).names().size());
            default -> {
            }
        }
    }
}
