package dev.ninetunnel.mux;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.ninetunnel.mux.Bench.Client;
import dev.ninetunnel.mux.Bench.Got;
import dev.ninetunnel.testing.FuzzedFrames;
import dev.ninetunnel.testing.RandomMessages;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MalformedMessageException;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rerror;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Rreaddir;
import dev.ninetunnel.wire.message.Rwalk;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tgetattr;
import dev.ninetunnel.wire.message.Tlopen;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Treaddir;
import dev.ninetunnel.wire.message.Treadlink;
import dev.ninetunnel.wire.message.Tstatfs;
import dev.ninetunnel.wire.message.Twalk;
import dev.ninetunnel.wire.message.Txattrwalk;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * L3, S3 What a peer answers: a local program gets one reply to each request at most, of a kind that the request allows, or an
 * error; what it did not ask for never comes to it. An input is a stream of replies, in the order of the requests' tags.
 */
class RepliesFuzz {
    private static final int COUNT = 64;
    private static final List<Tmessage> REQUESTS = List.of(new Tgetattr(0, 0), new Treaddir(0, 0, COUNT),
            new Tread(0, 0, COUNT), new Treadlink(0), new Tlopen(0, 0), Bench.walk(0, 1, "a", "b"),
            new Txattrwalk(0, 2, Text.of("user.a")),
            new Tstatfs(0), new Tclunk(0));

    @FuzzTest
    void noProgramGetsWhatItDidNotAskFor(byte[] input) {
        try (Bench bench = Bench.open()) {
            Client client = bench.client(Dialect.LINUX);
            client.attach(0);
            Map<Integer, Tmessage> asked = new HashMap<>();
            for (int tag = 0; tag < REQUESTS.size(); tag++) {
                client.send(tag, REQUESTS.get(tag));
                asked.put(tag, REQUESTS.get(tag));
            }
            answer(bench, client, asked, input);
        }
    }

    private static void answer(Bench bench, Client client, Map<Integer, Tmessage> asked, byte[] input) {
        FuzzedFrames frames = new FuzzedFrames(bench.alloc, input, 0, Bench.MSIZE);
        List<Got<Tmessage>> open = new ArrayList<>();
        while (frames.hasNext()) {
            open.addAll(bench.far.all());
            ByteBuf frame = frames.next();
            if (Frame.tag(frame) < open.size()) {
                Frame.tag(frame, open.remove(Frame.tag(frame)).tag());
            }
            byte[] bytes = ByteBufUtil.getBytes(frame);
            frame.release();
            try {
                bench.far.raw(out -> out.writeBytes(bytes));
            } catch (MalformedMessageException e) {
                return;
            }
            client.got().forEach(got -> check(asked.remove(got.tag()), got.message()));
        }
    }

    private static void check(Tmessage request, Rmessage reply) {
        assertThat(request).as("what %s answers", reply).isNotNull();
        if (reply instanceof Rlerror) {
            return;
        }
        assertThat(reply).as("an error is one of the dialect").isNotInstanceOf(Rerror.class);
        assertThat(reply.type()).isEqualTo(request.type().reply());
        MessageType.of(RandomMessages.frame(reply, 0)).check(RandomMessages.frame(reply, 0));
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
