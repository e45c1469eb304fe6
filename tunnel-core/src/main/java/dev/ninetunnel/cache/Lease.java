package dev.ninetunnel.cache;

import dev.ninetunnel.cache.known.Contents;
import dev.ninetunnel.cache.known.Listing;
import dev.ninetunnel.cache.loan.Loans;
import dev.ninetunnel.wire.LeaseKinds;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the far side has granted of one file to one attach, and what is known by that. What is known is used only while
 * {@link #mayAnswer} says so.
 */
final class Lease {
    /** The mask of Tgetattr for all that there is ({@code P9_GETATTR_ALL}). */
    static final long ALL_ATTRIBUTES = 0x3fff;
    private static final int OVERHEAD = 256;
    static final int OVERHEAD_OF_NAME = 160;

    final long number;
    final Inode inode;
    private final Holder holder;
    private int kinds;
    /** A break has come that is not answered. */
    boolean stopped;
    /** Answers of such breaks. */
    final List<Runnable> breaks = new ArrayList<>(0);
    /** Whether it is what the holder has under its number. */
    boolean live = true;

    private byte[] attributes;
    /** Which attributes the far side was asked for, as far as there are any. */
    private long asked;
    /** The body of Rreadlink, or null. */
    byte[] target;
    /** The body of Rlopen, if this attach may open the file for reading; or null. */
    byte[] opened;
    /** The errors of reading extended attributes, by name. */
    private Map<Text, Integer> withoutAttribute = Map.of();
    private Map<Text, Name> names = Map.of();
    private Listing listing;
    /** What was in the directory, all of it, when names began to be changed by ourselves alone; those are among the names. */
    private Listing before;
    private Contents contents;
    private int bytes = OVERHEAD;
    /** Of a directory: it was asked for at once before the client came to it, which has not. */
    boolean isAhead;
    /** Of a directory: how many names were looked for that were not known. */
    int missed;
    Text lastMissed;
    /** How many since it was last changed. */
    int missedInRow;
    /** Of a directory: the client has looked at its attributes since they were asked for last without being wanted. */
    boolean isLookedAt;
    /** How often all that is known was forgotten. */
    int forgotten;

    /** Fids that exist here only, and were walked by names of this directory. */
    final Set<LocalFid> walkers = new LinkedHashSet<>();
    /** Fids that are open, and here only. */
    final Set<LocalFid> readers = new LinkedHashSet<>();

    /** Local clients that have been granted something by it. */
    private final Set<Loans<Lease>> lentTo = new LinkedHashSet<>(2);

    Lease(Holder holder, long number, Inode inode) {
        this.holder = holder;
        this.number = number;
        this.inode = inode;
    }

    void grant(int more) {
        kinds |= more;
    }

    /** The exclusive lease covers all that there is of a file. */
    boolean holds(int kind) {
        return (kinds & (kind | LeaseKinds.EXCLUSIVE)) != 0;
    }

    boolean isExclusive() {
        return (kinds & LeaseKinds.EXCLUSIVE) != 0;
    }

    /** Whether the far side is not to be asked what this kind of lease covers. */
    boolean mayAnswer(int kind) {
        return isGood(kind) && (!inode.isChanging() || !holder.obeys(Rule.OWN_CHANGE_STOPS_CACHE));
    }

    /** Whether what this kind of lease covers is known, but for changes of our own. */
    boolean isGood(int kind) {
        return holds(kind) && !isStopped() && holder.mayAnswer();
    }

    /** Whether a break waits for what is under way by it. */
    boolean isStopped() {
        return stopped && holder.obeys(Rule.STOP_AT_BREAK);
    }

    /** The kinds that may be answered here. */
    int answering() {
        int covered = isExclusive() ? LeaseKinds.ATTRIBUTES | LeaseKinds.DATA : 0;
        return live && mayAnswer(~0) ? (kinds | covered) & ~LeaseKinds.EXCLUSIVE : 0;
    }

    /** Whether nothing depends on the names here that a break would take. */
    boolean isSettled() {
        return walkers.isEmpty() && readers.isEmpty();
    }

    /** Whether no local client has been granted anything by it, but for one; null for none at all. */
    boolean isLentToNobodyBut(Loans<Lease> client) {
        return lentTo.isEmpty() || (lentTo.size() == 1 && lentTo.contains(client));
    }

    /** Asks local clients for what they have been granted by it, but for one, or null. */
    void recallBut(Loans<Lease> client) {
        if (!isLentToNobodyBut(client)) {
            List.copyOf(lentTo).stream().filter(each -> !each.equals(client)).forEach(each -> each.recall(this));
        }
    }

    /** Grants a local client these kinds. Returns the number of what it has then, or {@link Loans#NONE}. */
    long lend(Loans<Lease> client, int granted) {
        long number = client.grant(this, granted);
        if (number != Loans.NONE) {
            lentTo.add(client);
        }
        return number;
    }

    /** The local client has nothing of it any more. */
    void givenUpBy(Loans<Lease> client) {
        lentTo.remove(client);
        holder.settled(this);
    }

    /** The fids that depend on it; they change while each is seen to. */
    List<LocalFid> dependents() {
        List<LocalFid> all = new ArrayList<>(walkers);
        all.addAll(readers);
        return all;
    }

    // ---- what is known

    /** The body of Rgetattr, if this mask asks for no more; or null. */
    byte[] attributes(long mask) {
        return (mask & ALL_ATTRIBUTES & ~asked) == 0 ? attributes : null;
    }

    /** The body of Rgetattr, whatever was asked; or null. */
    byte[] attributes() {
        return attributes;
    }

    void attributes(byte[] body, long mask) {
        attributes = body;
        asked = mask;
    }

    Map<Text, Name> names() {
        return names;
    }

    /** A name stands for a file, or for nothing if the qid is null. */
    Name name(Text text, Qid qid, Lease of) {
        if (names.isEmpty()) {
            names = new HashMap<>();
        }
        Name name = new Name(qid, of);
        name.place = new LocalFid.Step(this, text);
        if (names.put(text, name) == null) {
            bytes += OVERHEAD_OF_NAME + text.length();
        }
        return name;
    }

    /** The same, for a name that may be known already: who shares that knows of the lease as well. */
    void entry(Text text, Qid qid, Lease of) {
        Name known = names.get(text);
        if (known == null || known.qid == null || known.qid.path() != qid.path()) {
            name(text, qid, of);
        } else if (of != null) {
            known.lease = of;
        }
    }

    Map<Text, Integer> withoutAttribute() {
        return withoutAttribute;
    }

    void withoutAttribute(Text text, int errno) {
        if (withoutAttribute.isEmpty()) {
            withoutAttribute = new HashMap<>();
        }
        if (withoutAttribute.put(text, errno) == null) {
            bytes += OVERHEAD_OF_NAME + text.length();
        }
    }

    Listing listing() {
        return listing;
    }

    void listing(Listing read) {
        Listing old = listing == null ? before : listing;
        bytes += read.bytes() - (old == null ? 0 : old.bytes());
        before = null;
        listing = read;
    }

    /** What is known of the file's content; never null. */
    Contents contents() {
        if (contents == null) {
            contents = new Contents();
        }
        return contents;
    }

    /** In bytes, roughly. */
    int bytes() {
        return bytes + (contents == null ? 0 : contents.bytes());
    }

    /** Whether there is surely nothing of this name, of which nothing else is known. */
    boolean lacks(Text name) {
        return (listing != null && listing.lacks(name)) || (before != null && before.lacks(name));
    }

    /** The directory has changed by a change of our own: its names are known still, and nothing else. */
    void keepNames() {
        Map<Text, Name> kept = names;
        Listing all = listing == null ? before : listing;
        int size = bytes;
        boolean held = holds(LeaseKinds.NAMES);
        forgetValues();
        if (held) {
            kinds = LeaseKinds.NAMES;
            names = kept;
            before = all;
            bytes = size;
        }
    }

    /**
     * The file has changed by a change of our own: what it contains and its attributes are not known any more. It is held still if that is
     * so exclusively.
     *
     * @param isWrite whether nothing but its data has changed, and what changes with them
     */
    void changed(boolean isWrite) {
        Map<Text, Integer> without = isWrite && isExclusive() ? withoutAttribute : Map.of();
        kinds &= LeaseKinds.EXCLUSIVE;
        forgetValues();
        without.forEach(this::withoutAttribute);
    }

    /** Nothing is known any more, and nothing held. */
    void forget() {
        kinds = 0;
        forgetValues();
    }

    private void forgetValues() {
        forgotten++;
        missedInRow = 0;
        attributes = null;
        target = null;
        opened = null;
        withoutAttribute = Map.of();
        names = Map.of();
        listing = null;
        before = null;
        contents = null;
        bytes = OVERHEAD;
    }

    static boolean answers(Lease lease, int kind) {
        return lease != null && lease.mayAnswer(kind);
    }
}
