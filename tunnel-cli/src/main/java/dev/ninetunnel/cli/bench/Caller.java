package dev.ninetunnel.cli.bench;

import dev.ninetunnel.client.Login;
import dev.ninetunnel.client.NineClient;
import dev.ninetunnel.client.RemotePath;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Tattach;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tgetattr;
import dev.ninetunnel.wire.message.Tlopen;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Twalk;
import dev.ninetunnel.wire.message.Twrite;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * A connection, and the operations that are done on it, as functions to be called again and again. Making one of these
 * may wait for the server; the functions themselves may be called on the event loop.
 */
final class Caller {
    private static final int ROOT = 0;
    private static final int READ_ONLY = 0;
    private static final int WRITE_ONLY = 1;
    /** Everything that stat(2) tells (P9_GETATTR_BASIC), as the Linux kernel asks. */
    private static final long BASIC_ATTRIBUTES = 0x7ff;
    private static final int SMALL_READ = 4 << 10;

    private final NineClient client;
    private final AtomicInteger nextFid = new AtomicInteger(ROOT + 1);

    private Caller(NineClient client) {
        this.client = client;
    }

    /** Attaches. */
    static Caller attach(NineClient client, Text aname) throws IOException {
        Login login = Login.ofThisProcess(aname);
        Caller caller = new Caller(client);
        caller.ask(new Tattach(ROOT, Frame.NOFID, login.uname(), aname, OptionalInt.of(login.uid())));
        return caller;
    }

    /** One operation of this load, to be repeated; each slot of a client has its own. */
    Supplier<CompletableFuture<Integer>> operation(Load load, Site site, OpenedFile file) {
        int fid = nextFid.getAndIncrement();
        return switch (load.kind()) {
            case READ -> read(file, Math.min(load.size(), client.dataSize()));
            case WRITE -> write(file, Math.min(load.size(), client.dataSize()));
            case GETATTR -> this::getattr;
            case WALK -> walk(fid, site.data());
            case OPEN -> open(fid, site.data());
            case MIX -> mix(fid, file, site.data());
        };
    }

    /** An open file, and where in it the client's next operation takes place. */
    record OpenedFile(int fid, long size, AtomicLong position) {
        /** The place of so many bytes, none of them behind the end. */
        long next(int bytes) {
            long places = Math.max(1, size / bytes);
            return position.getAndIncrement() % places * bytes;
        }
    }

    /** Opens what a client of this load uses. */
    OpenedFile open(Load load, Site site, int writer) throws IOException {
        boolean writes = load.kind() == Load.Kind.WRITE;
        int fid = nextFid.getAndIncrement();
        ask(new Twalk(ROOT, fid, (writes ? site.toWrite(writer) : site.data()).names()));
        ask(new Tlopen(fid, writes ? WRITE_ONLY : READ_ONLY));
        return new OpenedFile(fid, site.size(), new AtomicLong());
    }

    private void ask(Tmessage request) throws IOException {
        try {
            client.send(request).get();
        } catch (ExecutionException e) {
            throw new IOException(request.type() + ": " + e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private Supplier<CompletableFuture<Integer>> read(OpenedFile file, int size) {
        return () -> client.send(new Tread(file.fid, file.next(size), size), Caller::amount);
    }

    private static Integer amount(Rmessage reply) {
        return ((Rread) reply).data().readableBytes();
    }

    private Supplier<CompletableFuture<Integer>> write(OpenedFile file, int size) {
        byte[] noise = new byte[size];
        new Random(size).nextBytes(noise);
        ByteBuf data = Unpooled.wrappedBuffer(noise);
        return () -> client.send(new Twrite(file.fid, file.next(size), data), _ -> size);
    }

    private CompletableFuture<Integer> getattr() {
        return client.send(new Tgetattr(ROOT, BASIC_ATTRIBUTES), _ -> 0);
    }

    private Supplier<CompletableFuture<Integer>> walk(int fid, RemotePath to) {
        List<Text> names = to.names();
        return () -> client.send(new Twalk(ROOT, fid, names), _ -> 0)
                .thenCompose(_ -> client.send(new Tclunk(fid), _ -> 0));
    }

    private Supplier<CompletableFuture<Integer>> open(int fid, RemotePath file) {
        List<Text> names = file.names();
        return () -> client.send(new Twalk(ROOT, fid, names), _ -> 0)
                .thenCompose(_ -> client.send(new Tlopen(fid, READ_ONLY), _ -> 0))
                .thenCompose(_ -> client.send(new Tclunk(fid), _ -> 0));
    }

    private Supplier<CompletableFuture<Integer>> mix(int fid, OpenedFile file, RemotePath path) {
        Supplier<CompletableFuture<Integer>> getattr = this::getattr;
        Supplier<CompletableFuture<Integer>> open = open(fid, path);
        Supplier<CompletableFuture<Integer>> read = read(file, SMALL_READ);
        var all = List.of(getattr, open, getattr, read, getattr, getattr, open, getattr, read, getattr);
        AtomicInteger turn = new AtomicInteger(fid);
        return () -> all.get(Math.floorMod(turn.getAndIncrement(), all.size())).get();
    }
}
