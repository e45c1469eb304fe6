package dev.ninetunnel.session;

import dev.ninetunnel.export.Export;
import dev.ninetunnel.export.Exports;
import dev.ninetunnel.fs.local.LocalTrees;
import dev.ninetunnel.identity.PeerId;
import dev.ninetunnel.link.Link;
import dev.ninetunnel.link.LinkEnd;
import dev.ninetunnel.mux.ClientLimits;
import dev.ninetunnel.mux.ClientRole;
import dev.ninetunnel.serve.ServerLimits;
import dev.ninetunnel.serve.ServerRole;
import dev.ninetunnel.serve.Workers;
import dev.ninetunnel.testing.RawNine;
import dev.ninetunnel.testing.Received;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.FrameDecoder;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rversion;
import dev.ninetunnel.wire.message.Tattach;
import dev.ninetunnel.wire.message.Tgetattr;
import dev.ninetunnel.wire.message.Tmkdir;
import dev.ninetunnel.wire.message.Tversion;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** One side of a session in one thread: both roles, with a directory to serve, and one local client. */
final class Side implements AutoCloseable {
    static final int REQUESTS = 3;
    private static final int MSIZE = 8192;

    final List<Rmessage> answers = new ArrayList<>();
    private final String name;
    private final String prefix;
    private final EmbeddedChannel clock = new EmbeddedChannel();
    private final Exports exports;
    private final ClientRole client;
    private final Sessions sessions;
    private final EmbeddedChannel local;
    private final RawNine program;
    private boolean hasAsked;

    /**
     * One that has just been started.
     *
     * @param served the directory that it serves to the other
     * @param prefix of the names that its local client makes on the other side
     */
    Side(String name, Path served, String prefix) throws IOException {
        this.name = name;
        this.prefix = prefix;
        Files.createDirectories(served);
        this.exports = new Exports(List.of(new Export("files", new Export.Target.Directory(served, false))),
                new LocalTrees());
        clock.freezeTime();
        this.client = new ClientRole("the other", clock.eventLoop(), ClientLimits.standard());
        Workers workers = new Workers(Runnable::run);
        this.sessions = new Sessions(this::id, "the other", clock.eventLoop(), client,
                peer -> (replies, valve) -> new ServerRole(clock.eventLoop(), exports, workers,
                        ServerLimits.STANDARD.withMsize(MSIZE), peer, replies, valve),
                MSIZE, SessionLimits.STANDARD, new SecureRandom());
        this.local = new EmbeddedChannel(new FrameDecoder(MSIZE), client.newLocalClient());
        this.program = RawNine.over(local);
        program.send(new Tversion(MSIZE, Text.of("9P2000.L")), Frame.NOTAG);
    }

    void dialled(Link link) {
        sessions.dialled(link, new LinkWatch() {
            @Override
            public void opened(Session session) {}

            @Override
            public void ended(LinkEnd end, boolean opened) {}
        });
        settle();
    }

    void accepted(Link link) {
        sessions.accepted(link);
        settle();
    }

    boolean hasLink() {
        return sessions.current().flatMap(Session::link).isPresent();
    }

    boolean isAway() {
        return sessions.current().isPresent() && !hasLink();
    }

    Session session() {
        return sessions.current().orElseThrow();
    }

    /** Lets a long time pass. */
    void pass(long minutes) {
        clock.advanceTimeBy(minutes, TimeUnit.MINUTES);
        settle();
    }

    /** Lets everything happen that can happen without the network. */
    void settle() {
        clock.runPendingTasks();
        clock.runScheduledPendingTasks();
        local.runPendingTasks();
        for (Received got = program.nextOrEnd(); got != null; got = program.nextOrEnd()) {
            Rmessage answer = got.as(Rmessage.class);
            if (answer instanceof Rversion && !hasAsked) {
                hasAsked = true;
                ask();
            } else {
                answers.add(answer);
            }
        }
        clock.runPendingTasks();
    }

    /** The first makes a fid, and the others a directory each, which can be done but once. */
    private void ask() {
        program.send(new Tattach(0, Frame.NOFID, Text.of("u"), Text.EMPTY, OptionalInt.of(0)), 0);
        int tag = 1;
        for (String directory : made()) {
            program.send(new Tmkdir(0, Text.of(directory), 0700, 0), tag++);
        }
        local.runPendingTasks();
    }

    /** Its local client hangs up, whatever it has asked for. */
    void hangUp() {
        local.close();
        settle();
    }

    /** Lets so many seconds pass. */
    void passSeconds(long seconds) {
        clock.advanceTimeBy(seconds, TimeUnit.SECONDS);
        settle();
    }

    /** One more request, on the fid that is there. */
    void askAgain() {
        program.send(new Tgetattr(0, 0x7ff), 0);
        settle();
    }

    /** The directories that it has the other side make. */
    List<String> made() {
        return IntStream.range(1, REQUESTS).mapToObj(i -> prefix + i).toList();
    }

    /** Whether the local client has an answer to all that it has asked, or has been disconnected. */
    boolean isContent() {
        return !local.isOpen() || (hasAsked && answers.size() == REQUESTS);
    }

    boolean isConnected() {
        return local.isOpen();
    }

    /** The errors among the answers. */
    List<Integer> errors() {
        return answers.stream().filter(Rlerror.class::isInstance).map(a -> ((Rlerror) a).ecode()).toList();
    }

    long unexpectedReplies() {
        return client.unexpectedReplies();
    }

    int tags() {
        return client.tags();
    }

    PeerId id() {
        return PeerId.parse((name.equals("n") ? "aa" : "bb").repeat(32));
    }

    @Override
    public void close() {
        sessions.end("the test is over");
        local.close();
        settle();
        local.finishAndReleaseAll();
        clock.finishAndReleaseAll();
        exports.close();
    }
}
