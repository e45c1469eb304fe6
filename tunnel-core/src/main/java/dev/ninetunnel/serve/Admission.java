package dev.ninetunnel.serve;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.Caller;
import dev.ninetunnel.fs.DescriptorShare;
import dev.ninetunnel.fs.FileTree;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.Node;
import dev.ninetunnel.fs.local.LocalUsers;
import dev.ninetunnel.link.BoundedLog;
import dev.ninetunnel.wire.Text;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
    private static final String NOT_SPOKEN_FOR = "whom speak-for does not name";
    private static final int DECIMAL_DIGITS = 10;

    private final BoundedLog log = new BoundedLog(LOG);
    private final String export;
    private final As as;
    private final Optional<SpeakFor> speakFor;
    private final LocalUsers users = new LocalUsers();
    /** Whether those whom an earlier one let in still are, by their claims. */
    private final Map<Claim, Boolean> stillIn = new ConcurrentHashMap<>();
    /** Those whose refusal has been told: a client asks again and again. */
    private final Set<Claim> refused = new HashSet<>();

    /** For an export of this name, open to whoever is claimed. */
    Admission(String export, As as) {
        this(export, as, Optional.empty());
    }

    /** For an export of this name, to which only some may be claimed to come. */
    Admission(String export, As as, Optional<SpeakFor> speakFor) {
        this.export = export;
        this.speakFor = speakFor;
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
    Node root(FileTree tree, Claim claim, DescriptorShare share) throws FsException {
        return tree.root(caller(claim), share);
    }

    /** The group for a new file, of what a request asks for; -1 for that of whoever makes it. */
    int group(int asked) {
        return as instanceof As.Attach ? asked : -1;
    }

    /** As whom an attach that claims this deals with files. EPERM if that user is not let in. */
    Caller caller(Claim claim) throws FsException {
        if (as instanceof As.Attach attach) {
            return claimed(claim, attach.allowed());
        }
        if (speakFor.isPresent() && !speakFor.get().allows(claim) && !hasNumberIn(speakFor.get().numbers(), claim)) {
            throw refusal(claim, NOT_SPOKEN_FOR);
        }
        return as instanceof As.One one ? one.user() : Caller.SELF;
    }

    private boolean hasNumberIn(UserList numbers, Claim claim) throws FsException {
        return !claim.isNumber() && named(claim.uname()).filter(user -> numbers.allows(user.uid())).isPresent();
    }

    /** Refuses whom an earlier admission has let in, if this one would not, or would have act as somebody else (ESTALE). */
    void requireStill(Admission then, Claim claim) throws FsException {
        Boolean still = stillIn.get(claim);
        if (still == null) {
            still = caller(claim).equals(then.caller(claim));
            if (stillIn.size() < MOST_REMEMBERED) {
                stillIn.put(claim, still);
            }
        }
        if (!still) {
            throw new FsException(Errno.ESTALE);
        }
    }

    private Caller claimed(Claim claim, UserRule allowed) throws FsException {
        Optional<Caller.User> user;
        try {
            user = claim.isNumber() ? Optional.of(users.numbered(claim.number().getAsInt())) : named(claim.uname());
        } catch (FsException e) {
            if (isFirst(claim)) {
                log.warn(claim.peer() + " comes as " + claim + ", whom this machine cannot look up: " + e.getMessage()
                        + ". Does its directory service answer?");
            }
            throw new FsException(Errno.EIO);
        }
        if (user.isEmpty()) {
            throw refusal(claim, "who has no account on this machine");
        }
        if (!allowed.allows(user.get().uid())) {
            throw refusal(claim, "whom users= does not name");
        }
        if (speakFor.isPresent() && !speakFor.get().numbers().allows(user.get().uid())) {
            throw refusal(claim, NOT_SPOKEN_FOR);
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
            log.warn(claim.peer() + " is not let into the export \"" + export + "\" as " + claim + ", " + why);
        }
        return new FsException(Errno.EPERM);
    }
}
