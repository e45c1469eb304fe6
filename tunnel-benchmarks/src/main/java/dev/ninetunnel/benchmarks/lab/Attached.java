package dev.ninetunnel.benchmarks.lab;

import dev.ninetunnel.cli.bench.Latencies;
import dev.ninetunnel.cli.bench.Target;
import dev.ninetunnel.client.Login;
import dev.ninetunnel.client.NineClient;
import dev.ninetunnel.client.Offer;
import dev.ninetunnel.client.RemotePath;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Tattach;
import dev.ninetunnel.wire.message.Tgetattr;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Twalk;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

/** A local client of an endpoint that has attached: fid 0 is the root of what it sees. Blocks the thread that calls it. */
record Attached(NineClient client) implements AutoCloseable {
    private static final int ROOT = 0;
    /** How many connections or walks are under way at a time. */
    private static final int AT_ONCE = 128;
    private static final long BASIC_ATTRIBUTES = 0x7ff;

    /** So many of them, of which each is there when this returns. */
    static List<Attached> several(EventLoopGroup loops, Target target, int count)
            throws IOException, InterruptedException {
        List<Attached> all = new ArrayList<>(count);
        List<CompletableFuture<Attached>> coming = new ArrayList<>();
        for (int made = 0; made < count; made += coming.size()) {
            coming.clear();
            for (int i = made; i < Math.min(count, made + AT_ONCE); i++) {
                coming.add(one(loops, target));
            }
            for (CompletableFuture<Attached> one : coming) {
                all.add(had(one));
            }
        }
        return all;
    }

    private static CompletableFuture<Attached> one(EventLoopGroup loops, Target target) {
        Login login = Login.ofThisProcess(target.aname());
        return NineClient.connect(loops, target.address(), Offer.of(Dialect.LINUX)).thenCompose(client -> client
                .send(new Tattach(ROOT, Frame.NOFID, login.uname(), target.aname(), OptionalInt.of(login.uid())))
                .thenApply(_ -> new Attached(client)));
    }

    /** Has it hold so many fids for a file. */
    void walk(RemotePath file, int count) throws IOException, InterruptedException {
        Semaphore room = new Semaphore(AT_ONCE);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        for (int fid = ROOT + 1; fid <= ROOT + count && failure.get() == null; fid++) {
            room.acquire();
            client.send(new Twalk(ROOT, fid, file.names())).whenComplete((reply, failed) -> {
                room.release();
                if (failed != null) {
                    failure.compareAndSet(null, failed);
                }
            });
        }
        room.acquire(AT_ONCE);
        if (failure.get() != null) {
            throw new IOException(failure.get().getMessage(), failure.get());
        }
    }

    /** Asks for attributes, one request at a time, for so long. */
    Latencies ask(double seconds) throws IOException, InterruptedException {
        Latencies latencies = new Latencies();
        long end = System.nanoTime() + (long) (seconds * 1e9);
        for (long start = System.nanoTime(); start < end; start = System.nanoTime()) {
            send(new Tgetattr(ROOT, BASIC_ATTRIBUTES));
            latencies.add(System.nanoTime() - start);
        }
        return latencies;
    }

    private Rmessage send(Tmessage request) throws IOException, InterruptedException {
        return had(client.send(request));
    }

    private static <T> T had(CompletableFuture<T> coming) throws IOException, InterruptedException {
        try {
            return coming.get();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
