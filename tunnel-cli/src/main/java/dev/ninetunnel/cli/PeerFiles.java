package dev.ninetunnel.cli;

import dev.ninetunnel.client.ChangeNotices;
import dev.ninetunnel.client.ConversationException;
import dev.ninetunnel.client.ForeignServerException;
import dev.ninetunnel.client.RefusedException;
import dev.ninetunnel.client.RemoteFiles;
import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.Escaped;
import dev.ninetunnel.wire.Text;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reaches the files of peers through the sockets that a running endpoint posts: one conversation a peer, begun when its
 * first file is asked for. Used by one thread.
 */
public final class PeerFiles implements AutoCloseable {
    private final RunDirectory run;
    private final Text aname;
    private final Optional<ChangeNotices> notices;
    private volatile Consumer<String> say = System.err::println;
    private final Map<String, Remote> open = new HashMap<>();
    private final Map<String, Failure> unreachable = new HashMap<>();

    /**
     * Reaches nobody yet.
     *
     * @param run where the sockets are
     * @param aname the tree to attach to; empty for all that a peer offers
     */
    public PeerFiles(RunDirectory run, String aname) {
        this(run, aname, Optional.empty());
    }

    /** The same, and something hears when what was looked at has changed. Of one peer. */
    PeerFiles(RunDirectory run, String aname, Optional<ChangeNotices> notices) {
        this.run = run;
        this.aname = Text.of(aname);
        this.notices = notices;
    }

    /** Has what people are told while it waits go another way than straight to the standard error. */
    void tellThrough(Consumer<String> way) {
        say = way;
    }

    /**
     * The peer's files.
     *
     * @throws Failure if they cannot be reached; the same one at each further try
     */
    Remote of(PeerPath path) {
        String peer = path.peer();
        if (unreachable.containsKey(peer)) {
            throw unreachable.get(peer);
        }
        return open.computeIfAbsent(peer, _ -> {
            try {
                return new Remote(peer, connect(peer, path.socket(run.path())),
                        new SecondConversation(() -> run.connect(path.socket(run.path()), aname)));
            } catch (Failure e) {
                unreachable.put(peer, e);
                throw e;
            }
        });
    }

    private RemoteFiles connect(String peer, Path socket) {
        requireSocket(peer, socket);
        try {
            WaitNotice onSilence = new WaitNotice(run, peer, message -> say.accept(message));
            return notices.isPresent()
                    ? run.connect(socket, aname, onSilence, notices.get())
                    : run.connect(socket, aname, onSilence);
        } catch (IOException e) {
            throw unreachable(peer, socket, e);
        }
    }

    /** Says what to do where an endpoint posts no socket for a peer, or one that is not for this user. */
    void requireSocket(String peer, Path socket) {
        if (!Files.exists(socket)) {
            throw new Failure(Failure.UNAVAILABLE, "there is no " + socket + ": is 'ninetunnel dial' or 'ninetunnel "
                    + "listen' running with the same --home and --run, and is '" + Escaped.of(peer)
                    + "' the name of a peer? " + posted());
        }
        if (!Files.isWritable(socket)) {
            throw new Failure(Failure.NO_PERMISSION, socket
                    + " belongs to another user: run this as the user who runs the endpoint");
        }
    }

    /** Why a peer's files are not to be had at its socket, and what to do. */
    static Failure unreachable(String peer, Path socket, IOException failure) {
        return switch (failure) {
            case ForeignServerException e -> RunDirectory.foreign(e);
            case RefusedException e -> refused(peer, e);
            case ConversationException e -> unreached(peer, socket, e);
            default -> new Failure(Failure.UNAVAILABLE, "cannot use " + socket + ": " + failure.getMessage(), failure);
        };
    }

    private static Failure refused(String peer, RefusedException e) {
        if (e.is(Errno.ENOTCONN)) {
            return new Failure(Failure.UNAVAILABLE, peer
                    + " is not linked: the endpoint runs, but has no connection to "
                    + "it now. See what it logs; with 'dial' it tries again by itself, with 'listen' it waits for "
                    + peer + " to dial", e);
        }
        String what = peer + ": " + e.getMessage();
        if (e.is(Errno.EACCES) || e.is(Errno.EPERM)) {
            return new Failure(Failure.NO_PERMISSION, what + " (the far side does not let this user in; if it passes "
                    + "another 9P server on, --aname may have to name one of that server's trees)", e);
        }
        return new Failure(e.is(Errno.ENOENT) ? Failure.NO_INPUT : Failure.IO, what + " (is anything of that name "
                + "offered there? 'dial' and 'listen' on that side take --export and --upstream)", e);
    }

    private static Failure unreached(String peer, Path socket, ConversationException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException || cause instanceof FileNotFoundException) {
                return new Failure(Failure.UNAVAILABLE, "nobody listens at " + socket + ": the endpoint that posted it "
                        + "is gone. Start it again: 'ninetunnel dial' or 'ninetunnel listen'", e);
            }
        }
        return new Failure(Failure.UNAVAILABLE, "no conversation with " + peer + ": " + e.getMessage()
                + " (see what the endpoint logs)", e);
    }

    private String posted() {
        try {
            List<String> names = run.posted();
            return names.isEmpty() ? "(no sockets there)" : "(sockets there: " + String.join(", ", names) + ")";
        } catch (IOException _) {
            return "(" + run.path() + " cannot be read)";
        }
    }

    @Override
    public void close() {
        for (Remote remote : open.values()) {
            remote.second().close();
            remote.files().close();
        }
    }
}
