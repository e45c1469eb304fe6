package dev.ninetunnel.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.testing.RawNine;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rattach;
import dev.ninetunnel.wire.message.Rclunk;
import dev.ninetunnel.wire.message.Rgetattr;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rlock;
import dev.ninetunnel.wire.message.Rlopen;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rmkdir;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Rsetattr;
import dev.ninetunnel.wire.message.Runlinkat;
import dev.ninetunnel.wire.message.Rwalk;
import dev.ninetunnel.wire.message.Rwrite;
import dev.ninetunnel.wire.message.Tattach;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tfsync;
import dev.ninetunnel.wire.message.Tgetattr;
import dev.ninetunnel.wire.message.Tlock;
import dev.ninetunnel.wire.message.Tlopen;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tmkdir;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Tsetattr;
import dev.ninetunnel.wire.message.Tunlinkat;
import dev.ninetunnel.wire.message.Twalk;
import dev.ninetunnel.wire.message.Twrite;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/** A local program that uses a peer's files, with fid 1 for the file f of the export south, and 2 for f open. */
final class LocalProgram implements AutoCloseable {
    static final int WIDTH = 8;
    private static final int READ_WRITE = 2;
    private static final int APPEND = 02000;
    private static final int WRITE_LOCK = 1;
    private static final int UNLOCK = 2;
    private static final int SIZE = 8;

    private final RawNine nine;

    LocalProgram(Path socket) {
        nine = RawNine.connect(UnixDomainSocketAddress.of(socket));
        nine.handshake(Dialect.LINUX, 1 << 16);
        call(new Tattach(0, Frame.NOFID, Text.of("u"), Text.of("south"), OptionalInt.of(0)), Rattach.class);
        walk(1, "f");
        walk(2, "f");
        call(new Tlopen(2, 2), Rlopen.class);
    }

    <R extends Rmessage> R call(Tmessage request, Class<R> reply) {
        return nine.call(1, request, reply);
    }

    void walk(int fid, String... names) {
        call(new Twalk(0, fid, Arrays.stream(names).map(Text::of).toList()), Rwalk.class);
    }

    boolean has(String name) {
        nine.send(new Twalk(0, 9, List.of(Text.of(name))), 1);
        Rmessage reply = nine.receive().as(Rmessage.class);
        if (reply instanceof Rwalk) {
            call(new Tclunk(9), Rclunk.class);
        } else {
            assertThat(reply).isEqualTo(new Rlerror(2));
        }
        return reply instanceof Rwalk;
    }

    void write(int value) {
        call(new Twrite(2, 0, text(value)), Rwrite.class);
    }

    /** The error of an fsync; 0 if there is none. */
    int sync() {
        nine.send(new Tfsync(2, 0), 1);
        return nine.receive().as(Rmessage.class) instanceof Rlerror(int error) ? error : 0;
    }

    int read() {
        return Integer.parseInt(readText());
    }

    /** The same; empty if there is none because the conversation has ended. */
    OptionalInt readIfAnswered() {
        try {
            return OptionalInt.of(read());
        } catch (AssertionError | RuntimeException e) {
            return OptionalInt.empty();
        }
    }

    String readText() {
        return call(new Tread(2, 0, 100), Rread.class).data().toString(StandardCharsets.UTF_8);
    }

    void resize(int size) {
        call(new Tsetattr(1, SIZE, 0, 0, 0, size, 0, 0, 0, 0), Rsetattr.class);
    }

    int size() {
        return (int) call(new Tgetattr(1, 0x7ff), Rgetattr.class).size();
    }

    /** Opens f a second time, as fid 3, to append to it. */
    void openToAppend() {
        walk(3, "f");
        call(new Tlopen(3, READ_WRITE | APPEND), Rlopen.class);
    }

    /** Locks the whole of f. Returns whether nobody else has it locked. */
    boolean lock() {
        return call(new Tlock(2, WRITE_LOCK, 0, 0, 0, 1, Text.of("program")), Rlock.class).status() == 0;
    }

    void unlock() {
        call(new Tlock(2, UNLOCK, 0, 0, 0, 1, Text.of("program")), Rlock.class);
    }

    void append(int value) {
        call(new Twrite(3, 0, text(value)), Rwrite.class);
    }

    /** The value that ends at this offset. */
    int readBefore(int offset) {
        return Integer.parseInt(call(new Tread(2, offset - WIDTH, WIDTH), Rread.class).data()
                .toString(StandardCharsets.UTF_8));
    }

    private static ByteBuf text(int value) {
        return Unpooled.copiedBuffer(String.format("%0" + WIDTH + "d", value), StandardCharsets.UTF_8);
    }

    void make(String name) {
        call(new Tmkdir(0, Text.of(name), 0755, 0), Rmkdir.class);
    }

    void remove(String name) {
        call(new Tunlinkat(0, Text.of(name), 0x200), Runlinkat.class);
    }

    @Override
    public void close() {
        nine.close();
    }
}
