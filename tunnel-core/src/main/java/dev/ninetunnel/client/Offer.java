package dev.ninetunnel.client;

import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Extended;
import dev.ninetunnel.wire.Frame;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a client proposes to a server when it connects.
 *
 * @param dialects those that will do, the one asked for first; a server may answer with a later one, and is asked for
 *        it if it does not know the one before (version(5))
 * @param msize the largest message, in bytes; the server may lower it, not below {@value Frame#MIN_MSIZE}
 * @param patience how long connecting and agreeing may take
 * @param servers the users (uid) whose processes may answer at a unix socket; empty for anybody
 * @param extended whether to ask for the messages of {@link Extended} as well, where 9P2000.L will do
 * @param leases whether to ask for leases besides the messages of {@link Extended}, which an endpoint that caches grants
 * @param onSilence runs, on the event loop, whenever nothing has come for a second where an answer is awaited
 */
public record Offer(List<Dialect> dialects, boolean extended, boolean leases, int msize, Duration patience,
        Set<Integer> servers,
        Optional<Runnable> onSilence) {
    /** What the data of a read or write leave of a message for its header, rounded up as Plan 9 does (IOHDRSZ). */
    static final int IO_HEADER = 24;

    public Offer {
        dialects = List.copyOf(dialects);
        servers = Set.copyOf(servers);
        if (dialects.isEmpty() || msize < Frame.MIN_MSIZE) {
            throw new IllegalArgumentException("an offer needs a dialect, and an msize of at least " + Frame.MIN_MSIZE);
        }
    }

    /** Any dialect that files can be used in, 9P2000.L if the server has it, with messages for 128 KiB of data. */
    public static Offer any() {
        return new Offer(List.of(Dialect.LINUX, Dialect.PLAIN), false, false, (128 << 10) + IO_HEADER,
                Duration.ofSeconds(20),
                Set.of(), Optional.empty());
    }

    /** This dialect and no other. */
    public static Offer of(Dialect dialect) {
        return new Offer(List.of(dialect), false, false, any().msize, any().patience, Set.of(), Optional.empty());
    }

    /** The same with another msize, in bytes. */
    public Offer withMsize(int bytes) {
        return new Offer(dialects, extended, leases, bytes, patience, servers, onSilence);
    }

    /** The same, with the messages of our own where the server has them. */
    public Offer withExtended() {
        return new Offer(dialects, true, leases, msize, patience, servers, onSilence);
    }

    /** The same, with leases and the messages of our own where the server has them. */
    public Offer withLeases() {
        return new Offer(dialects, true, true, msize, patience, servers, onSilence);
    }

    /** The versions to ask for, one after the other. */
    List<String> versions() {
        Stream<String> known = dialects.stream().map(Dialect::version);
        return (extended && dialects.contains(Dialect.LINUX)
                ? Stream.concat(Stream.of(leases ? Extended.LEASES : Extended.VERSION), known)
                : known).toList();
    }

    /** The same with another time limit. */
    public Offer withPatience(Duration limit) {
        return new Offer(dialects, extended, leases, msize, limit, servers, onSilence);
    }

    /** The same, to servers of these users only; others fail with a {@link ForeignServerException}. */
    public Offer to(Set<Integer> users) {
        return new Offer(dialects, extended, leases, msize, patience, users, onSilence);
    }

    /** The same, with something to do whenever nothing has come for a second where an answer is awaited. */
    public Offer onSilence(Runnable action) {
        return new Offer(dialects, extended, leases, msize, patience, servers, Optional.of(action));
    }
}
