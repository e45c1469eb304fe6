package dev.ninetunnel.serve;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.Caller;
import dev.ninetunnel.fs.FileTree;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.Node;
import dev.ninetunnel.fs.local.LocalUsers;
import dev.ninetunnel.wire.Text;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides as whom an attach deals with the files of an export. A user who is not let in gets EPERM, which Linux shows
 * as "Operation not permitted" for whatever that user does in the mount, and mount(8) as "permission denied"; at EACCES
 * mount(8) would try again to mount for reading only, and complain of that. Any thread; asking may wait for a directory service.
 */
final class Admission {
    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);
    /** For a try: {@code nobody}. */
    private static final Caller.User ANYBODY = new Caller.User(65534, 65534, List.of());
    private static final int MOST_REMEMBERED = 1000;
    private static final int DECIMAL_DIGITS = 10;

    private final String export;
    private final As as;
    private final LocalUsers users = new LocalUsers();
    /** Those whose refusal has been told: a client asks again and again. */
    private final Set<Claim> refused = new HashSet<>();

    /** For an export of this name. */
    Admission(String export, As as) {
        this.export = export;
        this.as = as instanceof As.One one && users.isOwn(one.user().uid()) ? As.SELF : as;
    }

    /**
     * That this process can do what is asked of it.
     *
     * @throws IllegalArgumentException with a message for people, if it cannot
     */
    void check(FileTree tree) {
        Caller needed = switch (as) {
            case As.Self self -> Caller.SELF;
            case As.Attach attach -> ANYBODY;
            case As.One one -> one.user();
        };
        try {
            if (needed instanceof Caller.User) {
                tree.root(needed).close();
            }
        } catch (FsException e) {
            throw new IllegalArgumentException("cannot export \"" + export + "\" as another user than the one who runs "
                    + "this endpoint: " + e.getMessage() + ". That needs Linux, root, and the capabilities CAP_SETUID "
                    + "and CAP_SETGID: run the endpoint so, or leave as= out", e);
        }
    }

    /** The top of the export's tree, for an attach that claims this. */
    Node root(FileTree tree, Claim claim) throws FsException {
        return tree.root(caller(claim));
    }

    /** The group for a new file, of what a request asks for; -1 for that of whoever makes it. */
    int group(int asked) {
        return as instanceof As.Attach ? asked : -1;
    }

    private Caller caller(Claim claim) throws FsException {
        return switch (as) {
            case As.Self self -> Caller.SELF;
            case As.One one -> one.user();
            case As.Attach attach -> claimed(claim, attach.allowed());
        };
    }

    private Caller claimed(Claim claim, UserRule allowed) throws FsException {
        Optional<Caller.User> user;
        try {
            user = claim.isNumber() ? Optional.of(users.numbered(claim.number().getAsInt())) : named(claim.uname());
        } catch (FsException e) {
            if (isFirst(claim)) {
                LOG.warn("{} comes as {}, whom this machine cannot look up: {}. Does its directory service answer?",
                        claim.peer(), claim, e.getMessage());
            }
            throw new FsException(Errno.EIO);
        }
        if (user.isEmpty()) {
            throw refusal(claim, "who has no account on this machine");
        }
        if (!allowed.allows(user.get().uid())) {
            throw refusal(claim, "whom users= does not name");
        }
        return user.get();
    }

    /** By name; where no account has it, and it is a number, by that. */
    private Optional<Caller.User> named(Text uname) throws FsException {
        Optional<Caller.User> user = uname.isEmpty() ? Optional.empty() : users.named(uname.bytes());
        String text = uname.utf8();
        if (user.isPresent() || !text.matches("\\d{1," + DECIMAL_DIGITS + "}")) {
            return user;
        }
        long number = Long.parseLong(text);
        return number < 0xFFFF_FFFFL ? Optional.of(users.numbered((int) number)) : Optional.empty();
    }

    private boolean isFirst(Claim claim) {
        synchronized (refused) {
            return refused.size() < MOST_REMEMBERED && refused.add(claim);
        }
    }

    private FsException refusal(Claim claim, String why) {
        if (isFirst(claim)) {
            LOG.warn("{} is not let into the export \"{}\" as {}, {}", claim.peer(), export, claim, why);
        }
        return new FsException(Errno.EPERM);
    }
}
