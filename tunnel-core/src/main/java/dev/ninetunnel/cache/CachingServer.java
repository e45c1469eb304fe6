package dev.ninetunnel.cache;

import dev.ninetunnel.cache.loan.LeaseRecalls;
import dev.ninetunnel.cache.loan.Loans;
import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.FidField;
import dev.ninetunnel.wire.FidUse;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.LeaseKinds;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.NumberMap;
import dev.ninetunnel.wire.Qid;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A 9P2000.L server to one local client: what leases cover it answers itself, all else it asks the far side. Requests that name
 * a common fid keep their order where one of them has to wait here. Belongs to the loop of the client role.
 */
public final class CachingServer implements LocalServer {
    /** As many as the far side grants. */
    private static final int MOST_LOANS = 8192;

    final Holder holder;
    final FarSide far;
    final FarFids farFids;
    final Replies replies;
    /** What the client is granted; null if it takes no leases. */
    final Loans<Lease> loans;
    private final int mostFids;
    private final NumberMap<LocalFid> fids = new NumberMap<>();
    private final WalkRequests walks;
    final AttributeRequests attributes;
    final DirectoryRequests directories;
    private final ReadRequests reads;
    /** Directories that are asked for at once. */
    final Set<DirectoryLoad> loads = new LinkedHashSet<>();
    /** What waits behind a request that waits here, because it names a fid of that one. */
    private final ArrayDeque<Pending> behind = new ArrayDeque<>();
    /** How many requests wait here for more than that. */
    private int waiting;
    private boolean left;

    /** For a client that has no fid yet, and may have so many, and takes no leases. */
    public CachingServer(Holder holder, FarSide far, int mostFids) {
        this(holder, far, mostFids, null);
    }

    /**
     * For one that takes leases.
     *
     * @param recalls asks it for them; null if it takes none
     */
    public CachingServer(Holder holder, FarSide far, int mostFids, LeaseRecalls recalls) {
        this.loans = recalls == null ? null : new Loans<>(recalls, MOST_LOANS, this::givenUp);
        this.holder = holder;
        this.far = far;
        this.mostFids = mostFids;
        if (recalls != null) {
            holder.lends();
        }
        this.farFids = new FarFids(holder, far);
        this.replies = new Replies(far.alloc());
        this.walks = new WalkRequests(this);
        this.attributes = new AttributeRequests(this);
        this.directories = new DirectoryRequests(this);
        this.reads = new ReadRequests(this);
    }

    // ---- from the local client

    @Override
    public void take(Pending request) {
        if (left) {
            return;
        }
        if (isBehind(request)) {
            behind.add(request);
            request.park(() -> behind.remove(request));
            return;
        }
        switch (request.type()) {
            case TATTACH, TAUTH -> attach(request);
            case TWALK -> walks.take(request);
            case TCLUNK -> clunk(request);
            case TGETATTR -> attributes.getattr(request);
            case TREADLINK -> attributes.readlink(request);
            case TXATTRWALK -> attributes.xattrwalk(request);
            case TLOPEN -> attributes.lopen(request);
            case TREAD -> reads.take(request);
            case TREADDIR -> directories.take(request);
            case TLCREATE, TSYMLINK, TMKNOD, TRENAME, TSETATTR, TXATTRCREATE, TLINK, TMKDIR, TRENAMEAT, TUNLINKAT,
                    TREMOVE, TWRITE, TRENAMEAT2, TFALLOCATE, TCOPYRANGE, TTMPFILE ->
                new Change(this, request).begin();
            default -> pass(request);
        }
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
        if (left) {
            return;
        }
        List<Pending> all = new ArrayList<>(behind);
        behind.clear();
        all.forEach(this::take);
    }

    @Override
    public void left() {
        left = true;
        behind.clear();
        List.copyOf(loads).forEach(DirectoryLoad::end);
        List.copyOf(fids.values()).forEach(farFids::release);
        if (loans != null) {
            loans.left();
        }
    }

    @Override
    public boolean hasLent() {
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

    /** The fid that a request names first; null if there is none, and then the request has been refused. */
    LocalFid first(Pending request) {
        LocalFid fid = fids.get(Frame.int32(request.frame(), Frame.HEADER));
        if (fid == null) {
            refuse(request);
        } else if (fid.isStale()) {
            request.answer(replies.error(Errno.ESTALE));
            return null;
        }
        return fid;
    }

    private void refuse(Pending request) {
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

    // ---- what is passed on

    /** Passes a request on that is about one fid, which is made at the far side first if it must be. */
    void pass(Pending request, LocalFid fid, int want, Asked asked) {
        farFids.make(fid);
        Frame.int32(request.frame(), Frame.HEADER, fid.far.number);
        request.send(want, asked);
    }

    private void pass(Pending request) {
        new Passing(this, request).begin();
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

    private void attach(Pending request) {
        ByteBuf frame = request.frame();
        int number = Frame.int32(frame, request.type().fid(0).in(frame));
        if (!mayMake(request, number)) {
            return;
        }
        boolean hasAfid = request.type() == MessageType.TATTACH && Frame.int32(frame, Frame.HEADER + 4) != Frame.NOFID;
        if (hasAfid) {
            LocalFid afid = fids.get(Frame.int32(frame, Frame.HEADER + 4));
            Frame.int32(frame, Frame.HEADER + 4, afid == null ? FarFids.UNKNOWN : afid.far.number);
        }
        LocalFid root = new LocalFid(this);
        root.far = farFids.fresh();
        Frame.int32(frame, Frame.HEADER, root.far.number);
        put(number, root);
        request.send(request.type() == MessageType.TATTACH ? LeaseKinds.ATTRIBUTES | LeaseKinds.NAMES : 0,
                new Attaching(number, root));
    }

    private void clunk(Pending request) {
        int number = Frame.int32(request.frame(), Frame.HEADER);
        LocalFid fid = fids.get(number);
        if (fid == null) {
            refuse(request);
            return;
        }
        if (fid.writesAttribute) {
            new Change(this, request).begin();
            return;
        }
        fids.remove(number);
        FarFid ended = fid.far;
        if (!farFids.release(fid)) {
            request.answer(replies.of(MessageType.RCLUNK, new byte[0]));
        } else if (isMissed(fid)) {
            Frame.int32(request.frame(), Frame.HEADER, ended.number);
            request.send(0, farFids.new Freeing(ended));
        } else {
            farFids.clunk(ended);
            request.answer(replies.of(MessageType.RCLUNK, new byte[0]));
        }
    }

    /** Whether a client may care when the fid ends, and how: others are told at once that it has. */
    private static boolean isMissed(LocalFid fid) {
        return fid.qid == null || fid.locks || (fid.isOpen() && (fid.flags & ReadOnly.ACCESS) != 0);
    }

    /** Waits for the root of an attach. */
    private final class Attaching extends Ask {
        private final int number;
        private final LocalFid root;

        Attaching(int number, LocalFid root) {
            super(CachingServer.this.holder, null, true);
            this.number = number;
            this.root = root;
        }

        @Override
        ByteBuf take(MessageType type, ByteBuf reply, int got, long lease) {
            if (type == MessageType.RATTACH || type == MessageType.RAUTH) {
                root.far.bound = true;
                root.qid = type == MessageType.RATTACH ? Qid.read(reply.slice().skipBytes(Frame.HEADER)) : null;
                if (got != 0 && isKept() && root.qid != null) {
                    root.adopt(holder, got, lease);
                }
            } else {
                forget(number, root);
                farFids.free(root.far);
            }
            return reply;
        }

        @Override
        void gone() {
            forget(number, root);
        }
    }
}
