package dev.ninetunnel.wire;

import io.netty.buffer.ByteBuf;

/**
 * The one table of message types: number, shape of the body (see {@link Layout} for the letters), and with it the
 * place of every fid. Requests have even numbers, each reply the number after its request. Sources: section 5 of the
 * Plan 9 manual; the 9P2000.L description of the diod project; {@code include/net/9p/9p.h} of Linux. Those from 200 on are
 * of leases, and known between two endpoints that have agreed on leases, nowhere else (docs/protocol.md, "Leases").
 */
public enum MessageType {
    // @formatter:off
                                   RLERROR(7, "4"),
    TSTATFS(8, "F"),               RSTATFS(9, "448888884"),
    TLOPEN(12, "F4"),              RLOPEN(13, "q4"),
    TLCREATE(14, "Fs444"),         RLCREATE(15, "q4"),
    TSYMLINK(16, "Fss4"),          RSYMLINK(17, "q"),
    TMKNOD(18, "Fs4444"),          RMKNOD(19, "q"),
    TRENAME(20, "FFs"),            RRENAME(21, ""),
    TREADLINK(22, "F"),            RREADLINK(23, "s"),
    TGETATTR(24, "F8"),            RGETATTR(25, "8q444888888888888888"),
    TSETATTR(26, "F444488888"),    RSETATTR(27, ""),
    TXATTRWALK(30, "FNs"),         RXATTRWALK(31, "8"),
    TXATTRCREATE(32, "Fs84"),      RXATTRCREATE(33, ""),
    TREADDIR(40, "F84"),           RREADDIR(41, "d"),
    TFSYNC(50, "F?4"),             RFSYNC(51, ""),
    TLOCK(52, "F14884s"),          RLOCK(53, "1"),
    TGETLOCK(54, "F1884s"),        RGETLOCK(55, "1884s"),
    TLINK(70, "FFs"),              RLINK(71, ""),
    TMKDIR(72, "Fs44"),            RMKDIR(73, "q"),
    TRENAMEAT(74, "FsFs"),         RRENAMEAT(75, ""),
    TUNLINKAT(76, "Fs4"),          RUNLINKAT(77, ""),
    TVERSION(100, "4s"),           RVERSION(101, "4s"),
    TAUTH(102, "Nss?4"),           RAUTH(103, "q"),
    TATTACH(104, "NAss?4"),        RATTACH(105, "q"),
                                   RERROR(107, "s?4"),
    TFLUSH(108, "2"),              RFLUSH(109, ""),
    TWALK(110, "FNw"),             RWALK(111, "Q"),
    TOPEN(112, "F1"),              ROPEN(113, "q4"),
    TCREATE(114, "Fs41?s"),        RCREATE(115, "q4"),
    TREAD(116, "F84"),             RREAD(117, "d"),
    TWRITE(118, "F8d"),            RWRITE(119, "4"),
    TCLUNK(120, "E"),              RCLUNK(121, ""),
    TREMOVE(122, "E"),             RREMOVE(123, ""),
    TSTAT(124, "F"),               RSTAT(125, "z"),
    TWSTAT(126, "FS"),             RWSTAT(127, ""),
    TWANT(200, "1M"),              RGRANTED(201, "18M"),
    TBREAK(202, "81"),             RBREAK(203, ""),
    TBEHIND(204, "8F8d"),          RBEHIND(205, "4"),
    TLIST(206, "Fs844w"),          RLIST(207, "181d"),
    TBREAKS(208, "d"),             RBREAKS(209, ""),
    TRENAMEAT2(210, "FsFs4"),      RRENAMEAT2(211, ""),
    TFALLOCATE(212, "F488"),       RFALLOCATE(213, ""),
    TLSEEK(214, "F84"),            RLSEEK(215, "8"),
    TCOPYRANGE(216, "F8F84"),      RCOPYRANGE(217, "4"),
    TTMPFILE(218, "F444"),         RTMPFILE(219, "q4"),
    TCHECKSUM(220, "F84"),         RCHECKSUM(221, "4s"),
    TPUT(222, "Fss44488d"),        RPUT(223, "q");
    // @formatter:on

    private static final int FIRST_OF_LEASES = 200;
    private static final int FIRST_EXTENDED = 210;
    private static final MessageType[] BY_NUMBER = new MessageType[256];
    private static final MessageType[] PLAIN = new MessageType[256];

    static {
        for (MessageType type : values()) {
            BY_NUMBER[type.number] = type;
            PLAIN[type.number] = type.isOfLeases() ? null : type;
        }
    }

    private final int number;
    private final Layout layout;

    MessageType(int number, String fields) {
        this.number = number;
        this.layout = new Layout(fields);
    }

    /**
     * The type of 9P with this number, or null: unknown, of leases, or one of the illegal 6 (Tlerror) and 106 (Terror) (rule
     * L4).
     */
    public static MessageType of(int number) {
        return PLAIN[number & 0xFF];
    }

    /** The type of a frame, or null as for {@link #of(int)}. */
    public static MessageType of(ByteBuf frame) {
        return PLAIN[Frame.type(frame)];
    }

    /** The type of a frame where leases have been agreed on: those of leases are known as well. */
    public static MessageType withLeases(ByteBuf frame) {
        return BY_NUMBER[Frame.type(frame)];
    }

    /** Whether it is one of those that two endpoints may agree on beside 9P. */
    public boolean isOfLeases() {
        return number >= FIRST_OF_LEASES && number < FIRST_EXTENDED;
    }

    /** The number on the wire. */
    public int number() {
        return number;
    }

    /** Whether it is a request. */
    public boolean isRequest() {
        return (number & 1) == 0;
    }

    /**
     * Whether it is one of our own, for what Linux has and 9P2000.L lacks. Only who speaks {@link Extended} may be sent it.
     */
    public boolean isExtended() {
        return number >= FIRST_EXTENDED;
    }

    /** Whether it is about files of 9P2000.L, and of no other dialect. */
    public boolean isOfLinux() {
        return number < TVERSION.number || isExtended() || this == TLIST;
    }

    /** The reply that this request has when it succeeds. */
    public MessageType reply() {
        if (!isRequest()) {
            throw new IllegalStateException(this + " is itself a reply");
        }
        return BY_NUMBER[number + 1];
    }

    /** How many fids the message names: 0, 1 or 2. */
    public int fidCount() {
        return layout.fidCount();
    }

    /** The place of a fid, 0 being the first. */
    public FidField fid(int index) {
        return layout.fid(index);
    }

    /**
     * Checks that a frame of this type has its shape: no field runs past the end, nothing is left over.
     *
     * @throws MalformedMessageException if not (rule L2)
     */
    public void check(ByteBuf frame) {
        String fault = layout.fault(frame);
        if (fault != null) {
            throw new MalformedMessageException("a malformed " + this + ": " + fault);
        }
    }

    /** The same for a body that begins at this offset of a frame, and ends with it. Null if there is no fault. */
    String fault(ByteBuf frame, int at) {
        return layout.fault(frame, at);
    }

    /** As the manual pages write it, such as {@code Twalk}. */
    @Override
    public String toString() {
        return name().charAt(0) + name().substring(1).toLowerCase(java.util.Locale.ROOT);
    }
}
