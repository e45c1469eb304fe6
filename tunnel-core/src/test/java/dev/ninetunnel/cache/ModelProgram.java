package dev.ninetunnel.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.testing.RawNine;
import dev.ninetunnel.testing.Received;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.FrameDecoder;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.DirectoryEntry;
import dev.ninetunnel.wire.message.Rflush;
import dev.ninetunnel.wire.message.Rgetattr;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Rreaddir;
import dev.ninetunnel.wire.message.Rwalk;
import dev.ninetunnel.wire.message.Tattach;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tflush;
import dev.ninetunnel.wire.message.Tfsync;
import dev.ninetunnel.wire.message.Tgetattr;
import dev.ninetunnel.wire.message.Tlink;
import dev.ninetunnel.wire.message.Tlopen;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Treaddir;
import dev.ninetunnel.wire.message.Trenameat;
import dev.ninetunnel.wire.message.Tsetattr;
import dev.ninetunnel.wire.message.Tunlinkat;
import dev.ninetunnel.wire.message.Tversion;
import dev.ninetunnel.wire.message.Twalk;
import dev.ninetunnel.wire.message.Twrite;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A local program of a peer, which does one thing after the other with files that others change, and sees that what it is told is right.
 * It has fids for the root (0), f (1, open as 2), g (3) and h (4).
 */
final class ModelProgram {
    private static final int TAG = 1;
    private static final int FLUSH = 2;
    private static final int LOOKED_UP = 9;
    private static final int LISTED = 7;

    private record Step(Tmessage request, Consumer<Rmessage> then) {}

    private final SharedFiles world;
    private final String peer;
    private final String name;
    private final Random random;
    private final Supplier<ChannelHandler> client;
    private EmbeddedChannel local;
    private RawNine nine;
    private final ArrayDeque<Step> steps = new ArrayDeque<>();
    private Step waiting;
    private boolean flushing;
    private boolean isFlushed;
    /** What it was told last is written. */
    private String told = "";

    ModelProgram(SharedFiles world, String peer, int number, Supplier<ChannelHandler> client) {
        this.world = world;
        this.peer = peer;
        this.name = peer + " " + number;
        this.random = world.random;
        this.client = client;
        connect();
    }

    private void connect() {
        local = new EmbeddedChannel(new FrameDecoder(SharedFiles.MSIZE), client.get());
        nine = RawNine.over(local);
        steps.clear();
        waiting = null;
        flushing = false;
        add(new Tversion(SharedFiles.MSIZE, Text.of("9P2000.L")), _ -> {});
        add(new Tattach(0, Frame.NOFID, Text.of("u"), Text.of("files"), OptionalInt.of(0)), _ -> {});
        add(walk(0, 1, "f"), _ -> {});
        add(walk(0, 2, "f"), _ -> {});
        add(new Tlopen(2, 2), _ -> {});
        add(walk(0, 3, "g"), _ -> {});
        add(walk(0, 4, "h"), _ -> {});
        next();
    }

    private static Twalk walk(int fid, int newfid, String name) {
        return new Twalk(fid, newfid, List.of(Text.of(name)));
    }

    private void add(Tmessage request, Consumer<Rmessage> then) {
        steps.add(new Step(request, then));
    }

    private void next() {
        waiting = local.isOpen() ? steps.poll() : null;
        if (waiting != null) {
            Tmessage request = waiting.request;
            world.tell(() -> name + " sends " + request);
            nine.send(waiting.request, waiting.request instanceof Tversion ? Frame.NOTAG : TAG);
            local.runPendingTasks();
        }
    }

    boolean isIdle() {
        return waiting == null && !flushing;
    }

    void close() {
        local.close();
        local.finishAndReleaseAll();
    }

    /** Takes what has come. */
    void settle() {
        local.runPendingTasks();
        for (Received got = nine.nextOrEnd(); got != null; got = nine.nextOrEnd()) {
            Rmessage reply = got.as(Rmessage.class);
            if (reply instanceof Rflush) {
                flushing = false;
                isFlushed = waiting != null;
            } else {
                Step step = waiting;
                waiting = null;
                world.tell(() -> name + " " + step.request + " -> " + reply);
                step.then.accept(reply);
            }
            if (isFlushed) {
                isFlushed = false;
                waiting = null;
                steps.clear();
                local.close(); // which of its fids there are, it cannot know
            } else if (!flushing) {
                next();
            }
        }
        if (!local.isOpen()) {
            local.finishAndReleaseAll();
            connect();
        }
    }

    // ---- what it does

    /** Begins something, if it has nothing to do; else it may change its mind. */
    void act() {
        if (!local.isOpen()) {
            return; // it connects again when that is seen
        }
        if (!isIdle()) {
            if (waiting != null && !flushing && !world.isCalm() && random.nextInt(60) == 0
                    && !(waiting.request instanceof Tversion)) {
                flushing = true;
                nine.send(new Tflush(TAG), FLUSH);
                local.runPendingTasks();
            }
            return;
        }
        String name = SharedFiles.NAMES.get(random.nextInt(SharedFiles.NAMES.size()));
        switch (random.nextInt(world.writesBehind() ? 18 : 14)) {
            case 14, 15, 16 -> write(SharedFiles.value(world.nextValue()));
            case 17 -> sync();
            case 0, 1 -> look("content", new Tread(2, 0, 100),
                    reply -> ((Rread) reply).data().toString(StandardCharsets.UTF_8));
            case 2 -> {
                String value = SharedFiles.value(world.nextValue());
                write(value);
            }
            case 3, 4 -> look("size", new Tgetattr(3, 0x7ff), reply -> ((Rgetattr) reply).size());
            case 5 -> {
                long size = world.nextValue();
                change("size", new Tsetattr(3, 8, 0, 0, 0, size, 0, 0, 0, 0), seen -> seen.equals(size));
            }
            case 6, 7 -> look("links", new Tgetattr(4, 0x7ff), reply -> ((Rgetattr) reply).nlink());
            case 8, 9 -> lookUp(name);
            case 10 -> change("names", new Tlink(0, 4, Text.of(name)),
                    names -> names(names).containsKey(name) && names(names).get(name).equals(names(names).get("h")));
            case 11 -> change("names", new Tunlinkat(0, Text.of(name), 0), names -> !names(names).containsKey(name));
            case 12 -> {
                String to = SharedFiles.NAMES.get(random.nextInt(SharedFiles.NAMES.size()));
                change("names", new Trenameat(0, Text.of(name), 0, Text.of(to)),
                        names -> !names(names).containsKey(name) && names(names).containsKey(to));
            }
            default -> list();
        }
        next();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Long> names(Object value) {
        return (Map<String, Long>) value;
    }

    /** Asks now. */
    private void ask(String thing, Tmessage request, AnswerTo then) {
        assertThat(steps).as("what is to be asked first").isEmpty();
        int from = world.observations.ask(peer, thing);
        steps.add(new Step(request, reply -> then.take(from, reply)));
    }

    private interface AnswerTo {
        void take(int from, Rmessage reply);
    }

    private void look(String thing, Tmessage request, Function<Rmessage, Object> value) {
        ask(thing, request, (from, reply) -> {
            if (!(reply instanceof Rlerror)) {
                Object told = value.apply(reply);
                world.observations.shown(peer, thing, from, told, told::equals);
            }
        });
    }

    private void change(String thing, Tmessage request, Predicate<Object> made) {
        int from = world.observations.latest(thing);
        add(request, reply -> {
            if (!(reply instanceof Rlerror)) {
                world.observations.done(thing, from, made);
            }
        });
    }

    private void write(String value) {
        int from = world.observations.latest("content");
        world.observations.writes(peer, value);
        add(new Twrite(2, 0, Unpooled.copiedBuffer(value, StandardCharsets.UTF_8)), reply -> {
            if (!(reply instanceof Rlerror)) {
                world.observations.written(peer, "content", from, value);
                told = value;
                if (world.writesBehind() && random.nextInt(6) > 0) {
                    write(SharedFiles.value(world.nextValue()));
                }
            }
        });
    }

    /** Has all that was told as written come, or be told as lost. */
    private void sync() {
        String last = told;
        int losses = world.losses();
        add(new Tfsync(2, 0), reply -> assertThat(reply instanceof Rlerror || losses < world.losses()
                || !world.observations.isBehind("content", last)).as("fsync is told as done, and %s is not there", last)
                .isTrue());
    }

    private void lookUp(String name) {
        ask("names", walk(0, LOOKED_UP, name), (from, reply) -> {
            if (reply instanceof Rwalk walked) {
                long inode = walked.qids().getLast().path();
                world.observations.shown(peer, "names", from, name + "=" + inode,
                        names -> Long.valueOf(inode).equals(names(names).get(name)));
                add(new Tclunk(LOOKED_UP), _ -> {});
            } else if (((Rlerror) reply).ecode() == 2) {
                world.observations.shown(peer, "names", from, "no " + name, names -> !names(names).containsKey(name));
            }
        });
    }

    /** Lists the root, which takes one reply. */
    private void list() {
        add(new Twalk(0, LISTED, List.of()), walked -> {
            if (walked instanceof Rlerror) {
                return;
            }
            steps.add(new Step(new Tlopen(LISTED, 0), _ -> {
                ask("names", new Treaddir(LISTED, 0, 4000), (from, reply) -> {
                    if (reply instanceof Rreaddir entries) {
                        Map<String, Long> told = entries(entries.data());
                        world.observations.shown(peer, "names", from, told, told::equals);
                    }
                    add(new Tclunk(LISTED), _ -> {});
                });
            }));
        });
    }

    private static Map<String, Long> entries(ByteBuf data) {
        Map<String, Long> all = new TreeMap<>();
        while (data.isReadable()) {
            DirectoryEntry entry = DirectoryEntry.read(data);
            if (!entry.name().utf8().startsWith(".")) {
                all.put(entry.name().utf8(), entry.qid().path());
            }
        }
        return all;
    }
}
