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
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The files that tell what an endpoint is doing, for all who may connect to its socket: {@code status} for people and
 * {@code status.json} for programs; {@code pairing} is for {@code ninetunnel invite}. Each says what holds when it is opened. To write to
 * another, such as {@code reload}, has the endpoint do something; EINVAL says that it could not, and to read the file then says why, or
 * what has come of it.
 */
public final class Control {
    /** What the endpoint can be asked to do. */
    @FunctionalInterface
    public interface Wish {
        /**
         * Does it. On a thread that may wait.
         *
         * @param written what was written, without spaces and line ends around it
         * @return what has come of it, for people
         * @throws IOException with why it could not be done, for people
         */
        String grant(String written) throws IOException;
    }

    private final EventLoop loop;
    private final Workers workers;
    private final Exports files;

    /**
     * With where all that comes from.
     *
     * @param status on the session loop
     * @param pairing what those have to know who make an invitation, on any thread
     * @param wishes by the names of their files
     */
    public Control(EventLoop loop, Workers workers, Supplier<Status> status, Supplier<String> pairing,
            Map<String, Wish> wishes) {
        this.loop = loop;
        this.workers = workers;
        Map<String, Entry> entries = new LinkedHashMap<>();
        entries.put("status", file(status, StatusText::of));
        entries.put("status.json", file(status, StatusJson::of));
        entries.put("pairing", new Entry.File(() -> pairing.get().getBytes(StandardCharsets.UTF_8)));
        wishes.forEach((name, wish) -> entries.put(name, command(wish)));
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

    private static Entry.Command command(Wish wish) {
        AtomicReference<String> outcome = new AtomicReference<>("");
        return new Entry.Command(written -> {
            try {
                outcome.set(wish.grant(new String(written, StandardCharsets.UTF_8).strip()) + "\n");
            } catch (IOException e) {
                outcome.set(e.getMessage() + "\n");
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
