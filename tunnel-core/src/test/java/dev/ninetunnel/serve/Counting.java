package dev.ninetunnel.serve;

import dev.ninetunnel.export.Exports;
import dev.ninetunnel.fs.local.LocalTrees;
import dev.ninetunnel.link.FrameSink;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Tattach;
import dev.ninetunnel.wire.message.Tlopen;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tversion;
import dev.ninetunnel.wire.message.Twalk;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/**
 * A role on a loop that the test gives it, whose replies are counted and dropped. What workers would do is done at once, on the
 * loop. To be used on the loop, but for {@link #awaitReplies}.
 */
final class Counting implements FrameSink, AutoCloseable {
    /** Of the replies, in their order; of several roles, if they were given one list. */
    final List<Integer> tags;
    final ServerRole role;
    private final EventLoop loop;
    private final Exports exports;

    Counting(EventLoop loop, Path dir) throws IOException {
        this(loop, dir, new ArrayList<>());
    }

    Counting(EventLoop loop, Path dir, List<Integer> tags) throws IOException {
        this.loop = loop;
        this.tags = tags;
        exports = new Exports(List.of(FarSide.directory("files", dir)), new LocalTrees());
        role = new ServerRole(loop, exports, new Workers(Runnable::run), ServerLimits.STANDARD,
                new ServerRole.Peer("test", true), this, new FarSide.Valve());
    }

    /** Begins, and opens a file as fid 1 with these flags. That are 4 replies. */
    void open(int flags, String name) {
        send(Frame.NOTAG, new Tversion(1 << 20, Text.of("9P2000.L")));
        send(1, new Tattach(0, Frame.NOFID, Text.of("u"), Text.of(""), OptionalInt.of(FarSide.NOBODY)));
        open(1, flags, name);
    }

    /** Opens a further fid. That are 2 replies. */
    void open(int fid, int flags, String name) {
        send(2, new Twalk(0, fid, List.of(Text.of(name))));
        send(3, new Tlopen(fid, flags));
    }

    void awaitReplies(int count) throws Exception {
        while (loop.submit(tags::size).get(60, TimeUnit.SECONDS) < count) {
            Thread.onSpinWait();
        }
    }

    void send(int tag, Tmessage request) {
        ByteBuf frame = Unpooled.buffer();
        request.write(frame, tag);
        role.accept(frame);
    }

    @Override
    public void accept(ByteBuf frame) {
        tags.add(Frame.tag(frame));
        frame.release();
    }

    @Override
    public void endOfBatch() {
        // Nothing is sent.
    }

    @Override
    public void close() {
        role.close();
        exports.close();
    }
}
