package dev.ninetunnel.cache;

import dev.ninetunnel.cache.known.AheadBudget;
import dev.ninetunnel.cache.known.RecentNames;
import dev.ninetunnel.cache.known.Replies;
import dev.ninetunnel.cache.loan.LeaseRecalls;
import dev.ninetunnel.cache.loan.Loans;
import dev.ninetunnel.cache.port.Asked;
import dev.ninetunnel.cache.port.FarSide;
import dev.ninetunnel.cache.port.Pending;
import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.FidField;
import dev.ninetunnel.wire.FidUse;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.NumberMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * One local client for which something is kept: its fids, what waits here for others of its requests, what is asked for it ahead, and
 * how its requests reach the far side. Belongs to the loop of the client role.
 */
final class CachedClient {
    /** As many as the far side grants. */
    private static final int MOST_LOANS = 8192;
    /** Of Tlopen and Tlcreate: O_DSYNC, O_DIRECT and __O_SYNC, as Linux numbers them for all processors in 9P2000.L. */
    private static final int AT_ONCE = 010000 | 040000 | 04000000;

    final Holder holder;
    final FarSide far;
    final FarFids farFids;
    final Replies replies;
    /** What the client is granted; null if it takes no leases. */
    final Loans<Lease> loans;
    /** The extended attributes that it may ask for of files, which mostly have none. */
    final RecentNames attributes = new RecentNames();
    /** Whether it looks at the attributes of what it walks to. */
    boolean looks;
    /** Whether it reads one small file after the other. */
    boolean readsFiles;
    private final boolean writesBehind;
    final AheadBudget ahead;
    /** Directories that are asked for at once. */
    final Set<DirectoryLoad> loads = new LinkedHashSet<>();
    private final int mostFids;
    private final NumberMap<LocalFid> fids = new NumberMap<>();
    /** Takes a request as if it had just come. */
    private final Consumer<Pending> taker;
    /** What waits behind a request that waits here, because it names a fid of that one. */
    private final ArrayDeque<Pending> behind = new ArrayDeque<>();
    /** How many requests wait here for more than that. */
    private int waiting;
    private boolean left;

    /**
     * One that has no fid yet, and may have so many.
     *
     * @param recalls asks it for leases; null if it takes none
     * @param taker deals with a request of it
     */
    CachedClient(Holder holder, FarSide far, int mostFids, LeaseRecalls recalls, Consumer<Pending> taker) {
        this.loans = recalls == null ? null : new Loans<>(recalls, MOST_LOANS, this::givenUp);
        this.holder = holder;
        this.far = far;
        this.mostFids = mostFids;
        this.taker = taker;
        if (recalls != null) {
            holder.lends();
        }
        this.writesBehind = holder.writeBehind().isOnFor(recalls != null);
        this.farFids = new FarFids(holder, far);
        this.replies = new Replies(far.alloc());
        this.ahead = new AheadBudget(holder::mayReadAhead, holder::readAhead);
        holder.join(this);
    }

    // ---- what waits

    /** Whether a request waits behind another one now. */
    boolean holdsBack(Pending request) {
        if (!isBehind(request)) {
            return false;
        }
        behind.add(request);
        named(request).stream().filter(fid -> fid != null).forEach(fid -> fid.heldBack++);
        request.park(() -> behind.remove(request));
        return true;
    }

    private boolean isBehind(Pending request) {
        if (behind.isEmpty() && waiting == 0) {
            return false;
        }
        for (LocalFid fid : named(request)) {
            if (fid != null && fid.waiting > 0) {
                return true;
            }
        }
        for (Pending other : behind) {
            if (sharesFid(other, request)) {
                return true;
            }
        }
        return false;
    }

    private boolean sharesFid(Pending one, Pending other) {
        List<LocalFid> fidsOfOther = named(other);
        return named(one).stream().anyMatch(fid -> fid != null && fidsOfOther.contains(fid));
    }

    /** A request waits here: what names its fids is to wait behind it. */
    void hold(List<LocalFid> named) {
        waiting++;
        named.forEach(fid -> fid.waiting++);
    }

    /** It waits no more. */
    void letGo(List<LocalFid> named) {
        waiting--;
        named.forEach(fid -> fid.waiting--);
    }

    /** What waited behind a request may go on. */
    void goOn() {
        if (!left) {
            goOn(List.of());
        }
    }

    /** A request that has waited is dealt with anew, and then what waited behind it. */
    void goOn(Pending first) {
        goOn(List.of(first));
    }

    private void goOn(List<Pending> first) {
        List<Pending> all = new ArrayList<>(first);
        all.addAll(behind);
        behind.clear();
        all.forEach(taker);
    }

    /** The client has left. */
    void left() {
        left = true;
        holder.leave(this);
        behind.clear();
        List.copyOf(loads).forEach(DirectoryLoad::end);
        List.copyOf(fids.values()).forEach(farFids::release);
        if (loans != null) {
            loans.left();
        }
    }

    boolean hasLent() {
        return loans != null && !loans.isEmpty();
    }

    /**
     * Grants the client what it wants of a lease, or null, with the answer to a request.
     *
     * @param told the kinds of leases that the answer tells of
     */
    void lend(Pending request, Lease lease, int told) {
        int wanted = request.wanted() & told;
        if (loans == null || wanted == 0 || lease == null || !holder.mayLend()) {
            return;
        }
        int kinds = lease.answering() & wanted;
        long number = kinds == 0 ? Loans.NONE : lease.lend(loans, kinds);
        if (number != Loans.NONE) {
            request.grant(kinds, number);
        }
    }

    private void givenUp(Lease lease) {
        lease.givenUpBy(loans);
    }

    boolean hasLeft() {
        return left;
    }

    // ---- fids

    LocalFid fid(int number) {
        return fids.get(number);
    }

    /** One that stands for what a lease is on; null if there is none. */
    LocalFid fidOf(Lease lease) {
        return fids.values().stream().filter(fid -> fid.lease() == lease).findFirst().orElse(null);
    }

    /** Those by which this file is open. */
    Stream<LocalFid> openFids(long path) {
        return fids.values().stream().filter(fid -> fid.isOpen() && fid.qid != null && fid.qid.path() == path);
    }

    /** The fids that a request names, in the order of its fields; null for one that there is not. */
    List<LocalFid> named(Pending request) {
        MessageType type = request.type();
        List<LocalFid> all = new ArrayList<>(2);
        for (int i = 0; i < type.fidCount(); i++) {
            if (type.fid(i).use() != FidUse.MAKE) {
                all.add(fids.get(Frame.int32(request.frame(), type.fid(i).in(request.frame()))));
            }
        }
        return all;
    }

    /** The same, without those that there are not. Costs a request of one fid next to nothing. */
    List<LocalFid> there(Pending request) {
        MessageType type = request.type();
        if (type.fidCount() == 1 && type.fid(0).use() != FidUse.MAKE) {
            LocalFid fid = fids.get(Frame.int32(request.frame(), type.fid(0).in(request.frame())));
            return fid == null ? List.of() : List.of(fid);
        }
        List<LocalFid> all = named(request);
        all.removeIf(fid -> fid == null);
        return all;
    }

    /** The fid that a request names first; null if there is none, and then the request has been refused. */
    LocalFid first(Pending request) {
        LocalFid fid = fids.get(Frame.int32(request.frame(), Frame.HEADER));
        if (fid == null) {
            refuse(request);
        } else if (fid.isStale()) {
            request.answer(replies.error(fid.fault()));
            return null;
        }
        return fid;
    }

    /** There is no fid of such a number. */
    void refuse(Pending request) {
        request.answer(replies.error(Errno.EBADF));
    }

    /** Whether a request may make a fid of this number; if not, it has been refused. */
    boolean mayMake(Pending request, int number) {
        if (number == Frame.NOFID) {
            refuse(request);
        } else if (fids.containsKey(number)) {
            request.answer(replies.error(Errno.EBADF));
        } else if (fids.size() >= mostFids) {
            request.answer(replies.error(Errno.EMFILE));
        } else {
            return true;
        }
        return false;
    }

    void put(int number, LocalFid fid) {
        fids.put(number, fid);
    }

    /** A request that was to make a fid did not. */
    void forget(int number, LocalFid fid) {
        if (fids.get(number) == fid) {
            fids.remove(number);
        }
    }

    /** Makes a fid of this client at the far side, because a lease is about to be given up. */
    void makeFar(LocalFid fid) {
        if (!left) {
            farFids.make(fid);
        }
    }

    // ---- what is written behind

    /** Whether what is written by this fid may be answered before the far side has it, if the lease is had. */
    boolean mayWriteBehind(LocalFid fid) {
        return writesBehind && fid.writes() && fid.qid != null && fid.far != null && (fid.flags & AT_ONCE) == 0;
    }

    /** Whether requests of this kind wait for what is written behind to their files. */
    boolean awaits(MessageType type) {
        return holder.obeys(type == MessageType.TFSYNC ? Rule.FSYNC_WAITS_FOR_REPLIES : Rule.OWN_ASK_WAITS_FOR_FLUSH);
    }

    // ---- what is passed on

    /** Passes a request on that is about one fid, which is made at the far side first if it must be. */
    void pass(Pending request, LocalFid fid, int want, Asked asked) {
        farFids.make(fid);
        Frame.int32(request.frame(), Frame.HEADER, fid.far.number);
        request.send(want, asked);
    }

    /** Puts the far side's fids into a request, all of which it has. */
    void replaceFids(Pending request) {
        MessageType type = request.type();
        int number = 0;
        int[] at = new int[type.fidCount()];
        int[] value = new int[type.fidCount()];
        for (int i = 0; i < type.fidCount(); i++) {
            FidField field = type.fid(i);
            if (field.use() != FidUse.MAKE) {
                LocalFid fid = fids.get(Frame.int32(request.frame(), field.in(request.frame())));
                at[number] = field.in(request.frame());
                value[number++] = fid == null ? FarFids.UNKNOWN : fid.far.number;
            }
        }
        for (int i = 0; i < number; i++) {
            Frame.int32(request.frame(), at[i], value[i]);
        }
    }
}
