package dev.ninetunnel.mux;

import dev.ninetunnel.cache.port.Asked;
import dev.ninetunnel.cache.port.Pending;
import dev.ninetunnel.queue.Queued;
import dev.ninetunnel.queue.QueuedList;
import dev.ninetunnel.wire.Amount;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.Wrapped;
import dev.ninetunnel.wire.message.Rlist;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * A request from its arrival until nothing can come for it any more. It is one of
 * <ul>
 * <li>a local client's request: in its {@link ClientConversation}'s queue, then with the far side under a link tag;
 * <li>a local client's Tflush that waits for another request: among that one's {@link #flushes};
 * <li>a Tflush or Tclunk of our own: with the far side, and without a share.
 * </ul>
 * Used again and again through {@link RequestPool}, so that a message costs no new object.
 */
final class Request implements Pending {
    static final int NO_TAG = -1;
    static final int NOT_WRAPPED = -1;
    /** What a request costs here beside its bytes, roughly. */
    static final int OVERHEAD = 256;

    /** Replies that are neither data, nor Rstat nor Rreadlink, stay within this (rule S3). */
    static final int SMALL_REPLY = 4096;
    private static final int MIDDLE_REPLY = 8192;
    /** Of Rread and Rreaddir: size[4] type[1] tag[2] count[4]. */
    static final int DATA_HEADER = Frame.HEADER + 4;
    /** Of a walk (walk(5), MAXWELEM). */
    private static final int MAX_NAMES = 16;

    ClientConversation share;
    MessageType type;
    int clientTag;
    int linkTag = NO_TAG;
    /** When it left for the far side, of one with a share. */
    long left;
    /** Its place in the order in which requests got tags, from 1. */
    long number;
    /** The leases that are wanted with the reply; 0 if it is asked in its plain form. */
    int want;
    /** Of a reply that came as an Rgranted: the leases that it brings, and their number; -1 of one in its plain form. */
    int got = NOT_WRAPPED;
    long lease;
    /** Of a local client's that came as a Twant: the leases that it wants; -1 of one in its plain form. */
    int wanted = NOT_WRAPPED;
    /** The leases that the local client is granted with the reply, and their number. */
    private int lent;
    private long loan;
    /** While it is queued. */
    ByteBuf frame;
    /** Of a reply that carries or counts data, or carries qids: how many. */
    int most;
    /** Bytes of the largest reply. */
    int expected;
    /** Bytes of the request and its largest reply. */
    int cost;

    LinkFid first;
    LinkFid second;
    /** One of the two, or null. */
    LinkFid made;
    LinkFid ended;

    /** Of a Tflush: what it is to flush. */
    Request target;
    /** The client's flushes that wait for this, in order. */
    final QueuedList<Request> flushes = new QueuedList<>();
    /** A Tflush for it is with the far side: its link tag is not free before that is answered. */
    boolean flushing;
    /** The reply has come; only the tag is still held. */
    boolean replied;
    /** Counts among the clean-ups that are with the far side. */
    boolean cleanup;

    /** The cache, which hears what comes of it; or null. */
    Asked asked;
    /** The cache asks it by itself: no client waits for the reply. */
    boolean ofCache;
    /** Of one that the cache keeps for now: runs when it is dropped. */
    Runnable dropped;
    /** Of an attach: the client's own number of the fid that it makes. */
    int nearFid;

    /** Of a Tbreak or Tbreaks: runs when the leases have been given up. */
    Runnable givenUp;
    /** Of these, too: runs when the far side does not say that. */
    Runnable refused;

    /** Its place in the one list or queue in which it stands. */
    final Queued<Request> queued = new Queued<>(this);

    /** Sees what the reply may be, and cuts the count of a read to what fits the client's msize (rule M10). */
    void measure(int msize) {
        most = Amount.asked(type, frame);
        expected = switch (type) {
            case TREAD, TREADDIR -> {
                if (Integer.compareUnsigned(most, msize - DATA_HEADER) > 0) {
                    most = msize - DATA_HEADER;
                    Frame.int32(frame, Amount.COUNT_AT, most);
                }
                yield Math.max(DATA_HEADER + most, SMALL_REPLY);
            }
            case TLIST -> Math.max(Rlist.ENTRIES_AT + most, SMALL_REPLY);
            case TSTAT, TREADLINK -> MIDDLE_REPLY;
            case TBEHIND -> DATA_HEADER;
            default -> SMALL_REPLY;
        };
        cost = expected + frame.readableBytes();
    }

    /** Whether it is a Tflush, Tclunk, Tbreak or Tbreaks that we send by ourselves. */
    boolean isOurs() {
        return cleanup || type == MessageType.TFLUSH || isBreak();
    }

    /** Whether it asks for leases back. */
    boolean isBreak() {
        return type == MessageType.TBREAK || type == MessageType.TBREAKS;
    }

    /** Makes its reply plain, whose shape is right, and keeps what it says of leases. Whether it says what was wanted. */
    boolean unwrap(ByteBuf reply) {
        got = Wrapped.got(reply);
        lease = Wrapped.lease(reply);
        Wrapped.unwrap(reply);
        return (got & ~want) == 0;
    }

    // ---- for the cache

    @Override
    public ByteBuf frame() {
        return frame;
    }

    @Override
    public MessageType type() {
        return type;
    }

    @Override
    public void send(int leases, Asked whoHears) {
        want = leases;
        asked = whoHears;
        share.passOn(this);
    }

    @Override
    public void answer(ByteBuf reply) {
        share.answer(this, reply);
    }

    @Override
    public void park(Runnable whenDropped) {
        dropped = whenDropped;
        share.park(this);
    }

    /** Tells the cache of the reply, which belongs to this method. Returns what the client is to be told. */
    ByteBuf answered(ByteBuf reply) {
        return asked.answered(MessageType.withLeases(reply), reply, got == NOT_WRAPPED ? 0 : got, lease);
    }

    /** Tells the cache, if it has asked, that no reply comes. */
    void lost() {
        if (asked != null) {
            asked.lost();
        }
    }

    @Override
    public int wanted() {
        return wanted == NOT_WRAPPED ? 0 : wanted;
    }

    @Override
    public void grant(int kinds, long number) {
        lent = kinds;
        loan = number;
    }

    /** The reply as its client is to get it, by how it asked; either belongs to its owner. */
    ByteBuf forClient(ByteBufAllocator alloc, ByteBuf reply) {
        Frame.tag(reply, clientTag);
        return wanted == NOT_WRAPPED ? reply : Wrapped.granted(alloc, reply, lent, loan);
    }

    boolean isAttach() {
        return type == MessageType.TATTACH || type == MessageType.TAUTH;
    }

    /** Whether it is a Twalk of more names than there may be. */
    boolean isLongWalk() {
        return type == MessageType.TWALK && most > MAX_NAMES;
    }

    /** Of Tattach and Tauth: whether n_uname stands behind uname[s] and aname[s]. */
    boolean hasNumericUser() {
        int uname = Frame.HEADER + (type == MessageType.TAUTH ? 4 : 8);
        int aname = uname + 2 + Frame.int16(frame, uname);
        return aname + 2 + Frame.int16(frame, aname) < frame.readableBytes();
    }

    void dropFids() {
        first = null;
        second = null;
        made = null;
        ended = null;
    }

    void clear() {
        share = null;
        type = null;
        linkTag = NO_TAG;
        frame = null;
        target = null;
        flushing = false;
        replied = false;
        cleanup = false;
        want = 0;
        wanted = NOT_WRAPPED;
        lent = 0;
        got = NOT_WRAPPED;
        givenUp = null;
        refused = null;
        asked = null;
        dropped = null;
        ofCache = false;
        dropFids();
    }
}
