package dev.ninetunnel.export;

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
public final class UserMapping {
    private static final Logger LOG = LoggerFactory.getLogger(UserMapping.class);
    /** For a try: {@code nobody}. */
    private static final Caller.User ANYBODY = new Caller.User(65534, 65534, List.of());
    private static final int MOST_REMEMBERED = 1000;
    private static final String NOT_SPOKEN_FOR = "whom speak-for does not name";
    private static final int DECIMAL_DIGITS = 10;

    private final BoundedLog log = new BoundedLog(LOG);
    private final String export;
    private final RunAsRule runAsRule;
    private final Optional<SpeakFor> speakFor;
    private final LocalUsers users = new LocalUsers();
    /** Whether those whom an earlier one let in still are, by their claims. */
    private final Map<ClaimedUser, Boolean> stillIn = new ConcurrentHashMap<>();
    /** Those whose refusal has been told: a client asks again and again. */
    private final Set<ClaimedUser> refused = new HashSet<>();

    /** For an export of this name, open to all claimed users. */
    UserMapping(String export, RunAsRule runAsRule) {
        this(export, runAsRule, Optional.empty());
    }

    /** For an export of this name, to which only some may be claimed to come. */
    UserMapping(String export, RunAsRule runAsRule, Optional<SpeakFor> speakFor) {
        this.export = export;
        this.speakFor = speakFor;
        this.runAsRule = runAsRule instanceof RunAsRule.One one && users.isOwn(one.user().uid())
                ? RunAsRule.SELF
                : runAsRule;
    }

    /**
     * That this process can do what is asked of it.
     *
     * @throws IllegalArgumentException with a message for people, if it cannot
     */
    void check(FileTree tree) {
        Caller needed = switch (runAsRule) {
            case RunAsRule.Self self -> Caller.SELF;
            case RunAsRule.Attach attach -> ANYBODY;
            case RunAsRule.One one -> one.user();
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
    public Node root(FileTree tree, ClaimedUser claimedUser, DescriptorShare share) throws FsException {
        return tree.root(caller(claimedUser), share);
    }

    /** The group for a new file, of what a request asks for; -1 for that of the user who makes it. */
    int group(int asked) {
        return runAsRule instanceof RunAsRule.Attach ? asked : -1;
    }

    /** As whom an attach that claims this deals with files. EPERM if that user is not let in. */
    public Caller caller(ClaimedUser claimedUser) throws FsException {
        if (runAsRule instanceof RunAsRule.Attach attach) {
            return claimed(claimedUser, attach.allowed());
        }
        if (speakFor.isPresent() && !speakFor.get().allows(claimedUser)
                && !hasNumberIn(speakFor.get().numbers(), claimedUser)) {
            throw refusal(claimedUser, NOT_SPOKEN_FOR);
        }
        return runAsRule instanceof RunAsRule.One one ? one.user() : Caller.SELF;
    }

    private boolean hasNumberIn(UserList numbers, ClaimedUser claimedUser) throws FsException {
        return !claimedUser.isNumber()
                && named(claimedUser.uname()).filter(user -> numbers.allows(user.uid())).isPresent();
    }

    /** Refuses whom an earlier admission has let in, if this one would not, or would have act as somebody else (ESTALE). */
    void requireStill(UserMapping then, ClaimedUser claimedUser) throws FsException {
        Boolean still = stillIn.get(claimedUser);
        if (still == null) {
            still = caller(claimedUser).equals(then.caller(claimedUser));
            if (stillIn.size() < MOST_REMEMBERED) {
                stillIn.put(claimedUser, still);
            }
        }
        if (!still) {
            throw new FsException(Errno.ESTALE);
        }
    }

    private Caller claimed(ClaimedUser claimedUser, UserRule allowed) throws FsException {
        Optional<Caller.User> user;
        try {
            user = claimedUser.isNumber()
                    ? Optional.of(users.numbered(claimedUser.number().getAsInt()))
                    : named(claimedUser.uname());
        } catch (FsException e) {
            if (isFirst(claimedUser)) {
                log.warn(claimedUser.peer() + " comes as " + claimedUser + ", whom this machine cannot look up: "
                        + e.getMessage()
                        + ". Does its directory service answer?");
            }
            throw new FsException(Errno.EIO);
        }
        if (user.isEmpty()) {
            throw refusal(claimedUser, "who has no account on this machine");
        }
        if (!allowed.allows(user.get().uid())) {
            throw refusal(claimedUser, "whom users= does not name");
        }
        if (speakFor.isPresent() && !speakFor.get().numbers().allows(user.get().uid())) {
            throw refusal(claimedUser, NOT_SPOKEN_FOR);
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

    private boolean isFirst(ClaimedUser claimedUser) {
        synchronized (refused) {
            return refused.size() < MOST_REMEMBERED && refused.add(claimedUser);
        }
    }

    private FsException refusal(ClaimedUser claimedUser, String why) {
        if (isFirst(claimedUser)) {
            log.warn(claimedUser.peer() + " is not let into the export \"" + export + "\" as " + claimedUser + ", "
                    + why);
        }
        return new FsException(Errno.EPERM);
    }
}
