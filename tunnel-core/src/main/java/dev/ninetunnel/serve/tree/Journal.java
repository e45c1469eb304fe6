package dev.ninetunnel.serve.tree;

import dev.ninetunnel.audit.Event;
import dev.ninetunnel.audit.Trail;
import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.export.ClaimedUser;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.Node;
import dev.ninetunnel.serve.tree.PlainMessages.Mode;
import dev.ninetunnel.wire.Escaped;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tcreate;
import dev.ninetunnel.wire.message.Tlcreate;
import dev.ninetunnel.wire.message.Tlink;
import dev.ninetunnel.wire.message.Tlopen;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tmkdir;
import dev.ninetunnel.wire.message.Tmknod;
import dev.ninetunnel.wire.message.Topen;
import dev.ninetunnel.wire.message.Tput;
import dev.ninetunnel.wire.message.Tremove;
import dev.ninetunnel.wire.message.Trename;
import dev.ninetunnel.wire.message.Trenameat;
import dev.ninetunnel.wire.message.Trenameat2;
import dev.ninetunnel.wire.message.Tsetattr;
import dev.ninetunnel.wire.message.Tsymlink;
import dev.ninetunnel.wire.message.Ttmpfile;
import dev.ninetunnel.wire.message.Tunlinkat;
import dev.ninetunnel.wire.message.Twstat;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Puts on record what is changed in served trees: each request that changes something, with what came of it. What is
 * written into an open file is not, but that it was opened for that is. Called on workers.
 */
final class Journal {
    /** Directories above a file that are looked up for its path. */
    private static final int DEEPEST = 256;

    private static final Text UNNAMED = Text.of("?");

    private final Trail trail;

    Journal(Trail trail) {
        this.trail = trail;
    }

    /** Does a request, and puts it on record if it is to change something and policy does not refuse it. */
    ByteBuf keep(TreeRequest r, Tmessage message, TreeRequest.Work work) throws FsException {
        Event.Change change = of(r.fid, r.other, message);
        if (change == null) {
            return work.run();
        }
        try {
            ByteBuf reply = work.run();
            trail.note(change);
            return reply;
        } catch (FsException e) {
            if (e.number() != Errno.EROFS.number() && e.number() != Errno.ESTALE.number()) {
                trail.note(change.ended(e.name()));
            }
            throw e;
        }
    }

    /** That a file is removed because its fid ends. */
    static Event.Change removal(TreeFid fid) {
        return change("remove", fid, path(fid), "");
    }

    /** What it is to change; null for nothing. */
    private static Event.Change of(TreeFid fid, TreeFid other, Tmessage message) {
        return switch (message) {
            case Tlcreate t -> change("create", fid, path(fid, t.name()), "");
            case Tcreate t -> change((t.perm() & Stats.DIRECTORY) != 0 ? "mkdir" : "create", fid,
                    path(fid, t.name()), "");
            case Tlopen t when (t.flags() & (LinuxMessages.ACCESS_MODE | LinuxMessages.TRUNCATE)) != 0 ->
                change("open", fid, path(fid), "");
            case Topen t when !ReadOnly.allows(t) ->
                change((t.mode() & Mode.REMOVE_ON_CLOSE) != 0 ? "open-remove" : "open", fid, path(fid), "");
            case Tremove t -> change("remove", fid, path(fid), "");
            case Tunlinkat t -> change("remove", fid, path(fid, t.name()), "");
            case Trename t -> change("rename", fid, path(fid), path(other == null ? fid : other, t.name()));
            case Trenameat t ->
                change("rename", fid, path(fid, t.oldname()), path(other == null ? fid : other, t.newname()));
            case Trenameat2 t -> change((t.flags() & ExtendedMessages.EXCHANGE) == 0 ? "rename" : "exchange", fid,
                    path(fid, t.oldname()), path(other == null ? fid : other, t.newname()));
            case Tput t -> change("create", fid, path(fid, t.name()), "");
            case Ttmpfile t -> change("create", fid, path(fid, UNNAMED), "");
            case Tsetattr t -> change("setattr", fid, path(fid), "");
            case Twstat t when !StatChange.isSync(t.stat()) -> t.stat().name().isEmpty()
                    ? change("setattr", fid, path(fid), "")
                    : change("rename", fid, path(fid), t.stat().name().toString());
            case Tlink t -> change("link", fid, path(fid, t.name()), path(other == null ? fid : other));
            case Tmkdir t -> change("mkdir", fid, path(fid, t.name()), "");
            case Tsymlink t -> change("symlink", fid, path(fid, t.name()), t.target().toString());
            case Tmknod t -> change("mknod", fid, path(fid, t.name()), "");
            case Tclunk t -> atEnd(fid);
            default -> null;
        };
    }

    private static Event.Change atEnd(TreeFid fid) {
        return fid.use instanceof TreeFid.Use.AttributeWrite(NewAttribute attribute)
                ? change("setxattr", fid, path(fid), attribute.name().toString())
                : null;
    }

    private static Event.Change change(String what, TreeFid fid, String path, String to) {
        ClaimedUser claimedUser = fid.area.claim();
        String user = claimedUser.isNumber()
                ? Integer.toUnsignedString(claimedUser.number().getAsInt())
                : claimedUser.uname().toString();
        return new Event.Change(what, fid.area.export(), path, to, user, "");
    }

    private static String path(TreeFid directory, Text name) {
        String above = path(directory);
        return above.isEmpty() ? name.toString() : above + "/" + name;
    }

    /** As it is now, from the top of the export; with {@code ?} for what cannot be told, as of a file that has no name any more. */
    private static String path(TreeFid fid) {
        Deque<String> names = new ArrayDeque<>();
        try (Climb climb = new Climb(fid.node.duplicate())) {
            while (names.size() < DEEPEST && climb.up()) {
                names.addFirst(climb.name);
            }
            if (names.size() == DEEPEST) {
                names.addFirst("?");
            }
        } catch (FsException e) {
            if (names.isEmpty()) {
                names.addFirst(fid.name.toString());
            }
            names.addFirst("?");
        }
        return String.join("/", names);
    }

    /** A way up, from a node that is its own. */
    private static final class Climb implements AutoCloseable {
        private Node at;
        /** Of where it was before. */
        private String name = "";

        Climb(Node from) {
            this.at = from;
        }

        /** Whether there was anything above. */
        boolean up() throws FsException {
            Node above = at.parent();
            if (above.id().equals(at.id())) {
                above.close();
                return false;
            }
            Node below = at;
            at = above;
            try (below) {
                name = Escaped.of(below.name());
            }
            return true;
        }

        @Override
        public void close() {
            at.close();
        }
    }
}
