package dev.ninetunnel.identity.invitation;

import dev.ninetunnel.identity.IdentityException;
import dev.ninetunnel.identity.OwnFiles;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerFile;
import dev.ninetunnel.identity.PeerId;
import dev.ninetunnel.identity.SmallFile;
import dev.ninetunnel.identity.WatchedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The invitations of this endpoint: the file {@code invitations} in its home folder, mode 0600, in which no secret
 * stands. One process makes them, another may redeem them: each change is made under a lock that holds for all
 * processes, and is seen immediately by all of them. Any thread may call; what changes something waits for the disk.
 */
public final class Invitations {
    /** The name of the file, in the home folder. */
    public static final String FILE = "invitations";
    /** How many wrong secrets end an invitation. */
    public static final int TRIES = 5;
    private static final int MOST_BYTES = 1 << 20;
    /** For how long it is known after its end, so that who comes late is told so. */
    private static final Duration REMEMBERED = Duration.ofDays(1);

    /** How it stands with an invitation. */
    public sealed interface State {
        /** It can be used. */
        record Open(int triesLeft) implements State {}

        /** It has been, by this key. */
        record Used(PeerId by) implements State {}

        /** It cannot be used any more. */
        record Over(RedeemResult.Why why) implements State {}
    }

    private final Path file;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final WatchedFile<List<InvitationRecord>> kept;

    /** Those in a home folder, where there need not be any. */
    public Invitations(Path home, Clock clock) {
        this.file = home.resolve(FILE);
        this.kept = new WatchedFile<>(file, List.of(), Invitations::read);
        this.clock = clock;
    }

    /** Where they are kept. */
    public Path file() {
        return file;
    }

    /**
     * Invites a peer. An unused invitation of the same name ends by it.
     *
     * @param name what the peer will be called here
     * @param host where the peer shall look for this endpoint
     * @param life for how long it holds
     * @param replacing whether the peer may take the place of one of that name with another key
     * @throws IdentityException if it cannot be kept
     */
    public Invitation invite(String name, String host, int port, PeerId self, Duration life, boolean replacing)
            throws IdentityException {
        Invitation made = Invitation.random(host, port, self, random);
        Instant now = clock.instant();
        InvitationRecord opened = InvitationRecord.open(made, name, now.plus(life), TRIES, replacing);
        return locked(all -> {
            all.removeIf(other -> (other.name().equals(name) && other.state() == InvitationRecord.State.OPEN)
                    || other.ends().plus(REMEMBERED).isBefore(now));
            all.add(opened);
            write(all);
            return made;
        });
    }

    /** Ends an invitation, unless it has been used. Throws as {@link #invite} does. */
    public void withdraw(String id) throws IdentityException {
        locked(all -> {
            if (all.removeIf(one -> one.id().equals(id) && one.state() == InvitationRecord.State.OPEN)) {
                write(all);
            }
            return null;
        });
    }

    /** How it stands with an invitation. Throws if the file cannot be read. */
    public State state(String id) throws IdentityException {
        Optional<InvitationRecord> found = find(current(), id);
        if (found.isEmpty()) {
            return new State.Over(RedeemResult.Why.UNKNOWN);
        }
        InvitationRecord one = found.get();
        if (one.state() == InvitationRecord.State.USED) {
            return new State.Used(one.by().orElseThrow());
        }
        return one.isOver(clock.instant()) ? new State.Over(one.whyOver()) : new State.Open(one.triesLeft());
    }

    /**
     * One that is unused, whether or not its time is over.
     *
     * @param name what the peer will be called here
     * @param ends when its time is over
     */
    public record Unused(String id, String name, Instant ends) {}

    /** All that are unused, and that no wrong secrets have ended. Throws if the file cannot be read. */
    public List<Unused> unused() throws IdentityException {
        return current().stream().filter(one -> one.state() == InvitationRecord.State.OPEN && one.triesLeft() > 0)
                .map(one -> new Unused(one.id(), one.name(), one.ends())).toList();
    }

    /**
     * Whether there is any that somebody could use now, if only once more the one who has. Costs a look at the file.
     */
    public boolean any() throws IdentityException {
        Instant now = clock.instant();
        return current().stream().anyMatch(one -> !one.isOver(now));
    }

    /** Whether there is any that this key could use now. */
    public boolean anyFor(PeerId key) throws IdentityException {
        Instant now = clock.instant();
        return current().stream().anyMatch(one -> !one.isOver(now) && one.isFor(key));
    }

    /**
     * Uses an invitation: of several who try at once, one does. The same key may do so again until it ends, for it may
     * not have heard the answer; and where this was cut short between its two steps, only the same key can go on.
     *
     * @param by whose key was proven on the connection over which the secret came
     * @param book where the peer is put
     * @throws IdentityException if it cannot be written down, or what is written cannot be read
     */
    public RedeemResult redeem(String id, String secret, PeerId by, PeerFile book) throws IdentityException {
        if (find(current(), id).isEmpty()) {
            return new RedeemResult.Refused(RedeemResult.Why.UNKNOWN, "", 0); // which costs no invitation a try
        }
        return locked(all -> {
            Optional<InvitationRecord> found = find(all, id);
            if (found.isEmpty()) {
                return new RedeemResult.Refused(RedeemResult.Why.UNKNOWN, "", 0);
            }
            InvitationRecord one = found.get();
            if (one.isOver(clock.instant())) {
                return refused(one.whyOver(), one);
            }
            if (!one.isFor(by)) {
                return refused(RedeemResult.Why.USED, one);
            }
            if (!MessageDigest.isEqual(Invitation.hash(id, secret), HexFormat.of().parseHex(one.hash()))) {
                return wrongSecret(all, one);
            }
            Peer peer = new Peer(by, one.name());
            return one.state() == InvitationRecord.State.USED ? again(one, peer, book) : use(all, one, peer, book);
        });
    }

    private RedeemResult wrongSecret(List<InvitationRecord> all, InvitationRecord one) throws IOException {
        if (one.state() != InvitationRecord.State.OPEN) {
            return refused(RedeemResult.Why.SECRET, one); // no other key can use it, so there is nothing to guess
        }
        InvitationRecord less = one.withTriesLeft(one.triesLeft() - 1);
        all.replaceAll(other -> other.equals(one) ? less : other);
        write(all);
        return refused(less.triesLeft() == 0 ? RedeemResult.Why.ENDED : RedeemResult.Why.SECRET, less);
    }

    /** Who has lost the answer gets it again. Who was taken from the list since is not put back. */
    private static RedeemResult again(InvitationRecord one, Peer peer, PeerFile book) throws IdentityException {
        return book.list().contains(peer)
                ? new RedeemResult.Accepted(one.name())
                : refused(RedeemResult.Why.USED, one);
    }

    private RedeemResult use(List<InvitationRecord> all, InvitationRecord one, Peer peer, PeerFile book)
            throws IdentityException, IOException {
        if (book.byId(peer.id()).filter(known -> !known.name().equals(peer.name())).isPresent()) {
            return refused(RedeemResult.Why.KEY, one);
        }
        boolean taken = book.byName(peer.name()).filter(known -> !known.id().equals(peer.id())).isPresent();
        if (taken && !one.replacing()) {
            return refused(RedeemResult.Why.NAME, one);
        }
        all.replaceAll(other -> other.equals(one) ? one.usedBy(peer.id(), InvitationRecord.State.TAKEN) : other);
        write(all);
        book.put(peer, one.replacing());
        all.replaceAll(
                other -> other.id().equals(one.id()) ? one.usedBy(peer.id(), InvitationRecord.State.USED) : other);
        write(all);
        return new RedeemResult.Accepted(one.name());
    }

    private static RedeemResult refused(RedeemResult.Why why, InvitationRecord one) {
        return new RedeemResult.Refused(why, one.name(), one.triesLeft());
    }

    private static Optional<InvitationRecord> find(List<InvitationRecord> all, String id) {
        return all.stream().filter(one -> one.id().equals(id)).findFirst();
    }

    // ---- the file

    private interface Work<T> {
        T on(List<InvitationRecord> all) throws IOException, IdentityException;
    }

    private <T> T locked(Work<T> work) throws IdentityException {
        try {
            return OwnFiles.change(file, () -> work.on(new ArrayList<>(kept.read())));
        } catch (IOException e) {
            throw new IdentityException("cannot write the invitations " + file + ": " + OwnFiles.why(e), e);
        }
    }

    private void write(List<InvitationRecord> all) throws IOException {
        StringBuilder text = new StringBuilder("# made by 'ninetunnel invite': to end all invitations, remove this\n");
        all.forEach(one -> text.append(one.line()).append('\n'));
        OwnFiles.replace(file, text.toString());
    }

    private List<InvitationRecord> current() throws IdentityException {
        try {
            return kept.current();
        } catch (IOException e) {
            throw unreadable(file, OwnFiles.why(e), e);
        }
    }

    private static List<InvitationRecord> read(Path file) throws IdentityException {
        try {
            return SmallFile.text(file, MOST_BYTES).lines().filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .map(InvitationRecord::of).toList();
        } catch (IOException e) {
            throw unreadable(file, OwnFiles.why(e), e);
        } catch (RuntimeException e) {
            throw unreadable(file, "a line in it is broken", e);
        }
    }

    private static IdentityException unreadable(Path file, String why, Exception e) {
        return new IdentityException("cannot read the invitations " + file + ": " + why
                + ". Pairing is impossible until it is removed", e);
    }
}
