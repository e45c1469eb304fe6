package dev.ninetunnel.cache;

import dev.ninetunnel.cache.known.ReadOnly;
import dev.ninetunnel.cache.loan.LeaseRecalls;
import dev.ninetunnel.cache.port.FarSide;
import dev.ninetunnel.cache.port.LocalServer;
import dev.ninetunnel.cache.port.Pending;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.LeaseKinds;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.Qid;
import io.netty.buffer.ByteBuf;

/**
 * A 9P2000.L server to one local client: what leases cover it answers itself, all else it asks the far side. Requests that name
 * a common fid keep their order where one of them has to wait here. Belongs to the loop of the client role.
 */
public final class CachingServer implements LocalServer {
    private final CachedClient client;
    private final WalkRequests walks;
    private final AttributeRequests attributes;
    private final DirectoryRequests directories;
    private final ReadRequests reads;
    private final WriteRequests writes;
    private final TreesAhead trees;

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
        this.client = new CachedClient(holder, far, mostFids, recalls, this::take);
        this.trees = new TreesAhead(client);
        this.walks = new WalkRequests(client, trees);
        this.attributes = new AttributeRequests(client, trees);
        this.directories = new DirectoryRequests(client, trees);
        this.writes = new WriteRequests(client);
        this.reads = new ReadRequests(client, new FilesAhead(client, trees));
    }

    @Override
    public void take(Pending request) {
        if (client.hasLeft() || client.holdsBack(request)) {
            return;
        }
        if (waits(request)) {
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
                    TREMOVE, TRENAMEAT2, TFALLOCATE, TCOPYRANGE, TTMPFILE, TPUT ->
                new Change(client, request).begin();
            case TWRITE -> writes.write(request);
            case TFSYNC -> writes.fsync(request);
            default -> new Passing(client, request).begin();
        }
    }

    /** Whether a request waits for what is written behind: the answers that the far side has to give are not to be older. */
    private boolean waits(Pending request) {
        return switch (request.type()) {
            case TXATTRWALK -> !attributes.isLacking(request) && writes.join(request);
            case TGETATTR -> !attributes.isComing(request) && writes.join(request);
            case TREAD, TLOPEN, TLOCK, TGETLOCK, TLSEEK, TCHECKSUM, TSTATFS -> writes.join(request);
            default -> false;
        };
    }

    @Override
    public void left() {
        trees.end();
        client.left();
    }

    @Override
    public boolean hasLent() {
        return client.hasLent();
    }

    private void attach(Pending request) {
        ByteBuf frame = request.frame();
        int number = Frame.int32(frame, request.type().fid(0).in(frame));
        if (!client.mayMake(request, number)) {
            return;
        }
        boolean hasAfid = request.type() == MessageType.TATTACH && Frame.int32(frame, Frame.HEADER + 4) != Frame.NOFID;
        if (hasAfid) {
            LocalFid afid = client.fid(Frame.int32(frame, Frame.HEADER + 4));
            Frame.int32(frame, Frame.HEADER + 4, afid == null ? FarFids.UNKNOWN : afid.far.number);
        }
        LocalFid root = new LocalFid(client);
        root.far = client.farFids.fresh();
        Frame.int32(frame, Frame.HEADER, root.far.number);
        client.put(number, root);
        request.send(request.type() == MessageType.TATTACH ? LeaseKinds.ATTRIBUTES | LeaseKinds.NAMES : 0,
                new Attaching(number, root));
    }

    private void clunk(Pending request) {
        int number = Frame.int32(request.frame(), Frame.HEADER);
        LocalFid fid = client.fid(number);
        if (fid == null) {
            client.refuse(request);
            return;
        }
        if (fid.writesAttribute) {
            new Change(client, request).begin();
            return;
        }
        client.forget(number, fid);
        FarFid ended = fid.far;
        if (!client.farFids.release(fid)) {
            request.answer(client.replies.of(MessageType.RCLUNK, new byte[0]));
        } else if (isMissed(fid)) {
            Frame.int32(request.frame(), Frame.HEADER, ended.number);
            request.send(0, client.farFids.new Freeing(ended));
        } else {
            client.farFids.clunk(ended);
            request.answer(client.replies.of(MessageType.RCLUNK, new byte[0]));
        }
    }

    /** Whether a client may care when the fid ends, and how: others are told at once that it has. */
    private static boolean isMissed(LocalFid fid) {
        boolean isOurs = fid.lease() != null && fid.lease().isExclusive();
        return fid.qid == null || fid.locks || (fid.isOpen() && (fid.flags & ReadOnly.ACCESS) != 0 && !isOurs);
    }

    /** Waits for the root of an attach. */
    private final class Attaching extends Ask {
        private final int number;
        private final LocalFid root;

        Attaching(int number, LocalFid root) {
            super(client.holder, null, true);
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
                client.forget(number, root);
                client.farFids.free(root.far);
            }
            return reply;
        }

        @Override
        void gone() {
            client.forget(number, root);
            root.far.failed = true;
        }
    }
}
