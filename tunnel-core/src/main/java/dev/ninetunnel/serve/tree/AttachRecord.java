package dev.ninetunnel.serve.tree;

import dev.ninetunnel.audit.Event;
import dev.ninetunnel.audit.Trail;
import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.export.ExportedServer;
import dev.ninetunnel.export.ExportedTree;
import dev.ninetunnel.fs.Caller;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.wire.Escaped;
import dev.ninetunnel.wire.message.Tattach;

/**
 * What goes on record of one attach. Any thread.
 *
 * @param trail where it goes
 * @param asked the attach
 */
public record AttachRecord(Trail trail, Tattach asked) {
    /** It was let in to a tree. */
    void allowed(ExportedTree tree, Caller as) {
        if (trail.isOn()) {
            String whom = as instanceof Caller.User user ? Integer.toUnsignedString(user.uid()) : "self";
            note(tree.name().toString(), whom, tree.options().readOnly(), "", "");
        }
    }

    /** It is passed on to a server that may refuse it still. */
    public void passed(ExportedServer server) {
        if (trail.isOn()) {
            note(Escaped.of(server.name()), "upstream", server.standing().options().readOnly(), "", "");
        }
    }

    /** It was let in to the list of what is exported. */
    void listing() {
        if (trail.isOn()) {
            note("", "self", true, "", "");
        }
    }

    /** It was not. Returns why. */
    public FsException refused(String export, FsException e) {
        if (trail.isOn()) {
            note(export, "", null, e.name(), why(e));
        }
        return e;
    }

    private static String why(FsException e) {
        return switch (Errno.of(e.number())) {
            case EPERM -> "not let in as that user";
            case ENOENT -> "there is nothing of that name for this peer";
            case EMFILE -> "as many attaches as it may have are there already";
            default -> e.getMessage();
        };
    }

    private void note(String export, String as, Boolean readOnly, String errno, String why) {
        Long number = asked.nuname().isPresent() && asked.nuname().getAsInt() != -1
                ? Integer.toUnsignedLong(asked.nuname().getAsInt())
                : null;
        String access = readOnly == null ? "" : readOnly ? "ro" : "rw";
        trail.note(new Event.Attach(export, asked.aname().toString(),
                new Event.Attach.User(asked.uname().toString(), number), as, access, errno, why));
    }
}
