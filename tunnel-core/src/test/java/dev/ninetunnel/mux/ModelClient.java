package dev.ninetunnel.mux;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.FidField;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rerror;
import dev.ninetunnel.wire.message.Rflush;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Rversion;
import dev.ninetunnel.wire.message.Rwalk;
import dev.ninetunnel.wire.message.Tattach;
import dev.ninetunnel.wire.message.Tauth;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tflush;
import dev.ninetunnel.wire.message.Tfsync;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Tremove;
import dev.ninetunnel.wire.message.Trenameat;
import dev.ninetunnel.wire.message.Tversion;
import dev.ninetunnel.wire.message.Twalk;
import dev.ninetunnel.wire.message.Twrite;
import dev.ninetunnel.wire.message.Txattrwalk;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;

/**
 * A local client that sends what comes to its mind, right or wrong, and knows what may come back: one reply for each
 * request, in its dialect, nothing behind an Rflush, and its fids standing for what it made them.
 */
final class ModelClient {
    private static final int FIDS = 12;
    private static final int TAGS = 20;
    private static final String UNSURE = StrictServer.UNSURE;

    /** What it knows of one of its fids. */
    private static final class Fid {
        boolean bound;
        String name = UNSURE;
        int endedAt;
        int movedAt;
        /** When a flush left open whether it was ended. */
        int doubtAt;
        /** Requests without a reply that make, end or move it. */
        int changing;

        boolean isSure() {
            return changing == 0 && doubtAt == 0;
        }

        String name() {
            return bound && isSure() ? name : UNSURE;
        }
    }

    /** A request without a reply. */
    private static final class Sent {
        final Tmessage message;
        final int at;
        final List<Fid> used = new ArrayList<>();
        Fid made;
        Fid ended;
        Fid moved;
        /** What {@link #made} or {@link #moved} is to stand for. */
        String name = UNSURE;
        /** Whether a fid is refused; null if that cannot be known. */
        Boolean refused;
        Errno mustFail;
        String expectsRead = UNSURE;
        Sent flushes;
        boolean over;

        Sent(Tmessage message, int at) {
            this.message = message;
            this.at = at;
        }
    }

    final Bench.Client client;
    private final String owner;
    private final Random random;
    private final Map<Integer, Sent> sent = new HashMap<>();
    private final Map<Integer, Fid> fids = new HashMap<>();
    private Dialect dialect;
    private boolean greeting;
    private int clock;
    private int duplicate = -1;
    int replies;

    ModelClient(Bench.Client client, String owner, Random random) {
        this.client = client;
        this.owner = owner;
        this.random = random;
    }

    /** Sends one thing, or several in one piece. */
    void act() {
        if (greeting) {
            listen();
        } else if (dialect == null || random.nextInt(300) == 0) {
            sayHello();
        } else if (random.nextInt(15) == 0) {
            sendDuplicate();
        } else {
            client.raw(out -> {
                for (int n = random.nextInt(4) == 0 ? 1 + random.nextInt(6) : 1; n > 0; n--) {
                    sendSomething(out);
                }
            });
            listen();
        }
    }

    private void sayHello() {
        dialect = random.nextBoolean() ? Dialect.LINUX : Dialect.PLAIN;
        greeting = true;
        sent.clear();
        fids.clear();
        client.send(Frame.NOTAG, new Tversion(8192 + random.nextInt(Bench.MSIZE), Text.of(dialect.version())));
        listen();
    }

    /** It is refused, and the request that has the tag lives on. */
    private void sendDuplicate() {
        for (Map.Entry<Integer, Sent> entry : sent.entrySet()) {
            if (!(entry.getValue().message instanceof Tflush)) {
                duplicate = entry.getKey();
                client.send(duplicate, new Tclunk(random.nextInt(FIDS)));
                listen();
                require(duplicate == -1, "M3 a duplicate tag got no error");
                return;
            }
        }
    }

    private void sendSomething(ByteBuf out) {
        int tag = random.nextInt(TAGS);
        if (sent.containsKey(tag)) {
            return;
        }
        if (random.nextInt(6) == 0) {
            int oldTag = random.nextInt(TAGS);
            Sent flush = new Sent(new Tflush(oldTag), ++clock);
            Sent old = sent.get(oldTag);
            flush.flushes = old != null && old.message instanceof Tflush ? old.flushes : old;
            sent.put(tag, flush);
            flush.message.write(out, tag);
            return;
        }
        Sent request = new Sent(anything(), ++clock);
        sent.put(tag, request);
        int start = out.writerIndex();
        request.message.write(out, tag);
        expect(request, out.slice(start, out.writerIndex() - start));
        if (random.nextInt(60) == 0 && request.message.type() == MessageType.TFSYNC) {
            out.setByte(start + 4, 200);
            request.mustFail = Errno.EOPNOTSUPP;
        }
    }

    private Tmessage anything() {
        int fid = random.nextInt(FIDS);
        int other = random.nextInt(FIDS);
        return switch (random.nextInt(16)) {
            case 0, 1 -> new Tattach(fid, random.nextInt(3) == 0 ? other : Frame.NOFID, Text.of(owner), Text.EMPTY,
                    numericUser());
            case 2 -> new Tauth(fid, Text.of(owner), Text.EMPTY, numericUser());
            case 3, 4, 5, 6 -> new Twalk(fid, other, names());
            case 7 -> new Txattrwalk(fid, other, Text.of("x"));
            case 8, 9 -> new Tclunk(fid);
            case 10 -> new Tremove(fid);
            case 11, 12 -> new Tread(fid, 0, 4000);
            case 13 -> new Twrite(fid, 0, Unpooled.wrappedBuffer(fid(fid).name().getBytes(StandardCharsets.UTF_8)));
            case 14 -> new Trenameat(fid, Text.of(fid(fid).name()), other, Text.of(fid(other).name()));
            default -> new Tfsync(fid, 0);
        };
    }

    private OptionalInt numericUser() {
        boolean wrong = random.nextInt(30) == 0;
        return dialect == Dialect.LINUX ^ wrong ? OptionalInt.of(1000) : OptionalInt.empty();
    }

    private List<Text> names() {
        List<Text> names = new ArrayList<>();
        for (int n = random.nextInt(4); n > 0; n--) {
            names.add(Text.of(String.valueOf((char) ('a' + random.nextInt(26)))));
        }
        return names;
    }

    private Fid fid(int fid) {
        return fids.computeIfAbsent(fid, f -> new Fid());
    }

    /** The conversation was lost, and it is still connected: so nothing that it has had can have been lost with it. */
    void hasLostNothing() {
        require(greeting || fids.values().stream().noneMatch(fid -> fid.bound && fid.isSure()),
                "M14 has a fid, and is open after the loss");
        require(greeting || sent.values().stream().allMatch(request -> request.message instanceof Tattach
                || request.message instanceof Tauth || request.message instanceof Tflush),
                "M14 has asked for more than an attach, and is open after the loss");
    }

    // ---- what to expect

    private void expect(Sent request, ByteBuf frame) {
        MessageType type = request.message.type();
        boolean attach = request.message instanceof Tattach || request.message instanceof Tauth;
        boolean certain = true;
        boolean refused = false;
        for (int i = 0; i < type.fidCount(); i++) {
            FidField field = type.fid(i);
            int number = Frame.int32(frame, field.in(frame));
            Fid fid = fid(number);
            switch (field.use()) {
                case AUTH, USE, END -> {
                    if (number == Frame.NOFID) {
                        continue;
                    }
                    refused |= fid.isSure() && !fid.bound;
                    certain &= fid.isSure();
                    request.used.add(fid);
                    request.ended = type == MessageType.TCLUNK || type == MessageType.TREMOVE ? fid : null;
                }
                case MAKE -> {
                    if (type == MessageType.TWALK && fid == request.used.getFirst()) {
                        request.moved = fid;
                    } else {
                        refused |= fid.isSure() && fid.bound;
                        certain &= fid.isSure();
                        request.made = fid;
                    }
                }
            }
        }
        request.refused = (certain || refused) ? Boolean.valueOf(refused) : null;
        request.name = nameOf(request.message, request.used.isEmpty() ? UNSURE : request.used.getFirst().name());
        if (request.message instanceof Tread) {
            request.expectsRead = request.used.getFirst().name();
        }
        if (attach && request.message.toString().contains("nuname=OptionalInt.empty") == (dialect == Dialect.LINUX)) {
            request.mustFail = Errno.EPROTO;
        }
        begin(request);
    }

    private String nameOf(Tmessage message, String from) {
        return switch (message) {
            case Tattach attach -> owner + ":/";
            case Tauth auth -> owner + ":!";
            case Twalk walk when !from.equals(UNSURE) -> walk.names().stream().map(name -> "/" + name.utf8())
                    .reduce(from, String::concat);
            case Txattrwalk walk when !from.equals(UNSURE) -> from + "#" + walk.name().utf8();
            default -> UNSURE;
        };
    }

    private static void begin(Sent request) {
        for (Fid fid : new Fid[]{request.made, request.moved, request.ended}) {
            if (fid != null) {
                fid.changing++;
            }
        }
        if (request.ended != null) {
            request.ended.bound = false;
            request.ended.endedAt = request.at;
        }
    }

    // ---- replies

    /** Takes what has come, and holds it against what was sent. */
    void listen() {
        for (Bench.Got<Rmessage> got : client.got()) {
            replies++;
            take(got.tag(), got.message());
        }
    }

    private void take(int tag, Rmessage reply) {
        if (reply instanceof Rversion version) {
            require(greeting && tag == Frame.NOTAG, "an Rversion that was not asked for");
            require(version.version().utf8().equals(dialect.version()), "M9 " + version);
            greeting = false;
            return;
        }
        require(!greeting, "M8 a reply to a request from before Tversion: " + reply);
        if (tag == duplicate) {
            require(errno(reply) == Errno.EINVAL.number(), "M3 a duplicate tag got " + reply);
            duplicate = -1;
            return;
        }
        Sent request = sent.remove(tag);
        require(request != null, "M11/L3 a reply to nothing, with tag " + tag + ": " + reply);
        request.over = true;
        if (request.message instanceof Tflush) {
            require(reply instanceof Rflush, "M11 a flush got " + reply);
            if (request.flushes != null && !request.flushes.over) {
                sent.values().remove(request.flushes);
                request.flushes.over = true;
                flushed(request.flushes);
            }
            return;
        }
        check(request, reply);
        settle(request, reply);
    }

    /** The number that an error means; 0 for what is none. */
    private int errno(Rmessage reply) {
        return switch (reply) {
            case Rlerror error -> {
                require(dialect == Dialect.LINUX, "an Rlerror for a client of 9P2000");
                yield error.ecode();
            }
            case Rerror error -> {
                require(dialect == Dialect.PLAIN && error.errno().isEmpty(), "for " + dialect + ": " + error);
                yield switch (error.ename().utf8()) {
                    case "fid unknown or out of range", "fid already in use" -> Errno.EBADF.number();
                    case "duplicate tag" -> Errno.EINVAL.number();
                    case String words when words.startsWith("n_uname") -> Errno.EPROTO.number();
                    case String words -> Errno.of(words).number();
                };
            }
            default -> 0;
        };
    }

    private void check(Sent request, Rmessage reply) {
        int errno = errno(reply);
        String what = request.message + " got " + reply;
        if (request.mustFail != null) {
            require(errno == request.mustFail.number(), what);
            return;
        }
        require(errno != 0 || reply.type() == request.message.type().reply(), what);
        boolean tooMany = errno == Errno.EMFILE.number() && request.made != null;
        if (request.refused != null && !tooMany) {
            require((errno == Errno.EBADF.number()) == request.refused, "M6 " + what);
        }
        if (reply instanceof Rread read && !request.expectsRead.equals(UNSURE)) {
            String told = read.data().toString(StandardCharsets.UTF_8);
            require(told.equals(request.expectsRead), "M13 expected " + request.expectsRead + ": " + told);
        }
    }

    private void settle(Sent request, Rmessage reply) {
        int errno = errno(reply);
        boolean done = errno == 0;
        if (request.message instanceof Twalk walk && reply instanceof Rwalk walked) {
            done = walked.qids().size() == walk.names().size();
        }
        if (request.made != null) {
            request.made.changing--;
            if (done && request.made.endedAt < request.at) {
                request.made.bound = true;
                request.made.name = request.made.movedAt > request.at ? UNSURE : request.name;
                request.made.doubtAt = 0;
            }
        }
        if (request.moved != null) {
            moved(request, done, errno == Errno.EIO.number());
        }
        if (request.ended != null) {
            request.ended.changing--;
            // It was never sent, so it ended nothing: where that may be, the doubt is the same as after a flush.
            if (request.mustFail == null && request.ended.doubtAt < request.at) {
                request.ended.doubtAt = 0;
            }
        }
    }

    private static void moved(Sent request, boolean done, boolean unsure) {
        Fid fid = request.moved;
        fid.changing--;
        if (fid.endedAt < request.at && (done || unsure)) {
            boolean overtaken = fid.changing > 0 || fid.movedAt > request.at;
            fid.name = unsure || overtaken ? UNSURE : request.name;
            fid.movedAt = Math.max(fid.movedAt, request.at);
        }
    }

    /** There will be no reply. */
    private static void flushed(Sent request) {
        if (request.made != null) {
            request.made.changing--;
        }
        if (request.moved != null) {
            moved(request, false, true);
        }
        if (request.ended != null) {
            request.ended.changing--;
            request.ended.doubtAt = request.at;
        }
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(owner + ": " + otherwise);
        }
    }
}
