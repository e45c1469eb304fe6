package dev.ninetunnel.endpoint.control;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.export.Exports;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.synthetic.Entry;
import dev.ninetunnel.fs.synthetic.SyntheticTree;
import dev.ninetunnel.serve.ServerLimits;
import dev.ninetunnel.serve.ServerRole;
import dev.ninetunnel.serve.Workers;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The files that tell what an endpoint is doing, for all who may connect to its socket: {@code status} for people and
 * {@code status.json} for programs; {@code pairing} is for {@code ninetunnel invite}. Each says what holds when it is opened. Where the endpoint does what a file says, to write
 * to {@code reload} has it read that again, EINVAL says that it is broken, and to read {@code reload} says why.
 */
public final class Control {
    private final EventLoop loop;
    private final Workers workers;
    private final Exports files;

    /**
     * With where all that comes from.
     *
     * @param status on the session loop
     * @param pairing what those have to know who make an invitation, on any thread
     * @param reload reads the endpoint's file again, and returns what is wrong with it, or nothing
     */
    public Control(EventLoop loop, Workers workers, Supplier<Status> status, Supplier<String> pairing,
            Optional<Supplier<String>> reload) {
        this.loop = loop;
        this.workers = workers;
        Map<String, Entry> entries = new LinkedHashMap<>();
        entries.put("status", file(status, StatusText::of));
        entries.put("status.json", file(status, StatusJson::of));
        entries.put("pairing", new Entry.File(() -> pairing.get().getBytes(StandardCharsets.UTF_8)));
        reload.ifPresent(again -> entries.put("reload", reload(again)));
        this.files = Exports.of("ctl", new SyntheticTree(entries, Clock.systemUTC()));
    }

    private Entry.File file(Supplier<Status> status, Function<Status, String> shape) {
        return new Entry.File(() -> {
            try {
                String text = shape.apply(CompletableFuture.supplyAsync(status, loop).join());
                return text.getBytes(StandardCharsets.UTF_8);
            } catch (RejectedExecutionException leaving) {
                return new byte[0];
            }
        });
    }

    private Entry.Command reload(Supplier<String> again) {
        AtomicReference<String> outcome = new AtomicReference<>("");
        return new Entry.Command(written -> {
            String fault = again.get();
            outcome.set(fault.isEmpty() ? "in force\n" : fault + "\n");
            if (!fault.isEmpty()) {
                throw new FsException(Errno.EINVAL);
            }
        }, () -> outcome.get().getBytes(StandardCharsets.UTF_8));
    }

    /** Serves one local connection, behind a frame decoder. */
    public ChannelHandler newClient() {
        return new ControlClient((replies, valve) -> new ServerRole(loop, files, workers, ServerLimits.STANDARD,
                new ServerRole.Peer("a local program", false), replies, valve));
    }
}
