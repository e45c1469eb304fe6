package dev.ninetunnel.mux;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.link.FrameSink;
import dev.ninetunnel.wire.FidField;
import dev.ninetunnel.wire.FidUse;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rattach;
import dev.ninetunnel.wire.message.Rauth;
import dev.ninetunnel.wire.message.Rclunk;
import dev.ninetunnel.wire.message.Rerror;
import dev.ninetunnel.wire.message.Rflush;
import dev.ninetunnel.wire.message.Rfsync;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Rremove;
import dev.ninetunnel.wire.message.Rrenameat;
import dev.ninetunnel.wire.message.Rwalk;
import dev.ninetunnel.wire.message.Rwrite;
import dev.ninetunnel.wire.message.Rxattrwalk;
import dev.ninetunnel.wire.message.Tattach;
import dev.ninetunnel.wire.message.Tauth;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tflush;
import dev.ninetunnel.wire.message.Tfsync;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Tremove;
import dev.ninetunnel.wire.message.Trenameat;
import dev.ninetunnel.wire.message.Twalk;
import dev.ninetunnel.wire.message.Twrite;
import dev.ninetunnel.wire.message.Txattrwalk;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A 9P server for one conversation that forgives nothing: a tag used while it is outstanding, a fid that is in use or
 * unknown without excuse, two fids of different owners in one message, each ends the test. It carries requests out in
 * the order of arrival, answers them in any order, fails some, and drops some that are flushed, whether it has carried
 * them out or not.
 *
 * <p>What a file is called tells whose it is and how it was reached: {@code owner:/a/b}. A client writes into each
 * message what it believes its fids to stand for, and here that is compared.
 */
final class StrictServer implements FrameSink {
    /** In place of a name, where the client cannot know. */
    static final String UNSURE = "?";

    private static final class Pending {
        int tag;
        Tmessage message;
        Rmessage reply;
        /** Every fid that it names. */
        List<Integer> named = new ArrayList<>();
        Integer made;
        Integer ended;
        String endedName;
        boolean failsToMake;
        int at;
    }

    private final Random random;
    private final Consumer<ByteBuf> toNear;
    private final List<Pending> pending = new ArrayList<>();
    private final Map<Integer, Pending> byTag = new HashMap<>();
    private final Map<Integer, String> fids = new HashMap<>();
    private final Map<Integer, Boolean> linux = new HashMap<>();
    /** How many outstanding requests name a fid. */
    private final Map<Integer, Integer> named = new HashMap<>();
    /** Of fids that requests failed to make, where the near side does not know it yet. */
    private final Map<Integer, Integer> untold = new HashMap<>();
    /** Of fids whose making or ending was flushed: only a Tclunk may name them. */
    private final Set<Integer> unsure = new HashSet<>();
    /** When a fid was last ended. */
    private final Map<Integer, Integer> endedAt = new HashMap<>();
    /** Of fids whose Tclunk failed before the reply of what made them: it is right to make sure. */
    private final Set<Integer> endedBeforeMade = new HashSet<>();
    private int accepted;
    /** What first went wrong: kept, for whoever is called between may catch it. */
    private AssertionError fault;
    int mostOutstanding;

    StrictServer(Random random, Consumer<ByteBuf> toNear) {
        this.random = random;
        this.toNear = toNear;
    }

    void check() {
        if (fault != null) {
            throw fault;
        }
    }

    boolean isIdle() {
        return pending.isEmpty();
    }

    /** The fids it has. */
    Map<Integer, String> fids() {
        return fids;
    }

    // ---- requests

    @Override
    public void accept(ByteBuf frame) {
        MessageType type = MessageType.of(frame);
        byte[] bytes = new byte[frame.readableBytes()];
        frame.getBytes(frame.readerIndex(), bytes);
        frame.release();
        ByteBuf copy = Unpooled.wrappedBuffer(bytes);
        Pending request = new Pending();
        request.at = ++accepted;
        request.tag = Frame.tag(copy);
        request.message = Tmessage.read(copy);
        require(request.tag != Frame.NOTAG, "NOTAG in " + request.message);
        require(!byTag.containsKey(request.tag), "M1 tag " + request.tag + " is outstanding");
        require(pending.stream().noneMatch(p -> p.message instanceof Tflush f && f.oldtag() == request.tag),
                "M3 tag " + request.tag + " was flushed, and no Rflush has been sent");
        checkFids(request, type, copy);
        request.reply = carryOut(request, type);
        request.named.forEach(fid -> named.merge(fid, 1, Integer::sum));
        pending.add(request);
        byTag.put(request.tag, request);
        mostOutstanding = Math.max(mostOutstanding, pending.size());
    }

    private void checkFids(Pending request, MessageType type, ByteBuf frame) {
        Integer first = null;
        for (int i = 0; i < type.fidCount(); i++) {
            FidField field = type.fid(i);
            int fid = Frame.int32(frame, field.in(frame));
            if (field.use() == FidUse.AUTH && fid == Frame.NOFID) {
                continue;
            }
            if (field.use() == FidUse.MAKE && !Integer.valueOf(fid).equals(first)) {
                require(!fids.containsKey(fid), "fid " + fid + " is in use: " + request.message);
                require(named.getOrDefault(fid, 0) == 0, "fid " + fid + " is named by what is in flight");
                require(!unsure.contains(fid), "fid " + fid + " may be in use, and was not clunked");
                request.made = fid;
                endedBeforeMade.remove(fid);
            } else if (field.use() != FidUse.MAKE) {
                boolean excused = untold.getOrDefault(fid, 0) > 0
                        || (type == MessageType.TCLUNK && (unsure.contains(fid) || endedBeforeMade.contains(fid)));
                require(fids.containsKey(fid) || excused, "unknown fid " + fid + " in " + request.message);
            }
            if (field.use() == FidUse.END) {
                request.ended = fid;
            }
            request.named.add(fid);
            first = first == null ? Integer.valueOf(fid) : first;
        }
        Set<String> owners = new HashSet<>();
        for (int fid : request.named) {
            if (fids.containsKey(fid) && !fid(fid).isEmpty()) {
                owners.add(owner(fid(fid)));
            }
        }
        require(owners.size() < 2, "M13 " + request.message + " names fids of " + owners);
    }

    private String fid(int fid) {
        return fids.getOrDefault(fid, "");
    }

    private static String owner(String name) {
        return name.substring(0, name.indexOf(':'));
    }

    private Rmessage carryOut(Pending request, MessageType type) {
        return switch (request.message) {
            case Tflush flush -> new Rflush();
            case Tattach attach -> {
                boolean numeric = attach.nuname().isPresent();
                yield make(request, numeric, random.nextInt(6) > 0, attach.uname().utf8() + ":/",
                        new Rattach(Bench.QID));
            }
            case Tauth auth ->
                make(request, auth.nuname().isPresent(), random.nextBoolean(), auth.uname().utf8() + ":!",
                        new Rauth(Bench.QID));
            case Twalk walk -> walk(request, walk);
            case Txattrwalk walk -> make(request, isLinux(walk.fid()), fids.containsKey(walk.fid())
                    && random.nextBoolean(), fid(walk.fid()) + "#" + walk.name().utf8(), new Rxattrwalk(3));
            case Tclunk clunk -> end(request, clunk.fid(), new Rclunk());
            case Tremove remove -> end(request, remove.fid(), new Rremove());
            case Tread read -> use(read.fid(), () -> {
                byte[] name = fid(read.fid()).getBytes(StandardCharsets.UTF_8);
                return new Rread(Unpooled.wrappedBuffer(name, 0, Math.min(name.length, read.count())));
            });
            case Twrite write -> use(write.fid(), () -> {
                believes(write.data().toString(StandardCharsets.UTF_8), write.fid(), write);
                return new Rwrite(write.data().readableBytes());
            });
            case Trenameat rename -> {
                believes(rename.oldname().utf8(), rename.olddirfid(), rename);
                believes(rename.newname().utf8(), rename.newdirfid(), rename);
                yield use(rename.olddirfid(), Rrenameat::new);
            }
            case Tfsync sync -> use(sync.fid(), Rfsync::new);
            default -> throw new AssertionError("not expected here: " + type);
        };
    }

    private void believes(String name, int fid, Tmessage message) {
        require(name.equals(UNSURE) || name.equals(fid(fid)),
                "M7/M13 fid " + fid + " stands for " + fid(fid) + " and not for " + name + ": " + message);
    }

    private Rmessage use(int fid, java.util.function.Supplier<Rmessage> success) {
        Rmessage reply = success.get();
        return fids.containsKey(fid) && random.nextInt(8) > 0 ? reply : error(isLinux(fid));
    }

    private Rmessage walk(Pending request, Twalk walk) {
        String to = fid(walk.fid());
        int steps = walk.names().size();
        int done = random.nextInt(4) > 0 ? steps : random.nextInt(steps + 1);
        if (!fids.containsKey(walk.fid()) || (done == 0 && steps > 0)) {
            return make(request, isLinux(walk.fid()), false, "", null);
        }
        for (Text name : walk.names()) {
            to += "/" + name.utf8();
        }
        Rmessage reply = new Rwalk(java.util.Collections.nCopies(done, Bench.QID));
        if (walk.newfid() == walk.fid()) {
            if (done == steps) {
                fids.put(walk.fid(), to);
            }
            return reply;
        }
        Rmessage error = make(request, isLinux(walk.fid()), done == steps, to, reply);
        return done == steps ? error : reply;
    }

    private boolean isLinux(int fid) {
        return linux.getOrDefault(fid, true);
    }

    private Rmessage make(Pending request, boolean numeric, boolean succeeds, String name, Rmessage success) {
        if (request.made == null) {
            return succeeds ? success : error(numeric);
        }
        if (succeeds) {
            fids.put(request.made, name);
            linux.put(request.made, numeric);
            return success;
        }
        request.failsToMake = true;
        untold.merge(request.made, 1, Integer::sum);
        return error(numeric);
    }

    private Rmessage end(Pending request, int fid, Rmessage success) {
        request.endedName = fids.remove(fid);
        unsure.remove(fid);
        endedAt.put(fid, request.at);
        return request.endedName != null && random.nextInt(5) > 0 ? success : error(isLinux(fid));
    }

    private Rmessage error(boolean numeric) {
        // A dialect that the client does not speak is to be translated.
        boolean rlerror = random.nextInt(20) == 0 ? !numeric : numeric;
        return rlerror
                ? new Rlerror(Errno.ENOENT.number())
                : new Rerror(Text.of(Errno.ENOENT.words()), random.nextInt(4) == 0
                        ? OptionalInt.of(2)
                        : OptionalInt
                                .empty());
    }

    // ---- replies

    /** Answers one of what is pending. */
    void answerOne() {
        if (!pending.isEmpty()) {
            answer(pending.get(random.nextInt(pending.size())));
        }
    }

    private void answer(Pending request) {
        if (request.message instanceof Tflush flush) {
            Pending old = byTag.get(flush.oldtag());
            if (old != null) {
                dropFlushed(old);
            }
            forget(request);
            send(request.tag, request.reply);
            return;
        }
        forget(request);
        if (request.failsToMake) {
            untold.merge(request.made, -1, Integer::sum);
        }
        if (request.ended != null && pending.stream().anyMatch(p -> request.ended.equals(p.made))) {
            endedBeforeMade.add(request.ended);
        }
        if (random.nextInt(40) == 0 && !(request.message instanceof Tclunk)) {
            lie(request);
        } else {
            send(request.tag, request.reply);
        }
    }

    /** A reply that the request does not allow: the client is told of an I/O error, and what holds is unsure. */
    private void lie(Pending request) {
        doubt(request);
        send(request.tag, switch (request.message) {
            case Tread read -> new Rread(Bench.bytes(Math.min(read.count() + 1, Bench.MSIZE - 11)));
            case Twalk walk -> new Rwalk(java.util.Collections.nCopies(walk.names().size() + 1, Bench.QID));
            default -> new Rread(Bench.bytes(5));
        });
    }

    private void dropFlushed(Pending old) {
        forget(old);
        if (old.failsToMake) {
            untold.merge(old.made, -1, Integer::sum);
        }
        boolean alone = old.named.stream().allMatch(fid -> named.getOrDefault(fid, 0) == 0);
        boolean undo = alone && random.nextBoolean();
        doubt(old);
        if (undo && old.made != null) {
            fids.remove(old.made);
        }
        if (undo && old.endedName != null) {
            fids.put(old.ended, old.endedName);
        }
    }

    /** The near side cannot know what became of a fid that the request was to make or end. */
    private void doubt(Pending request) {
        if (request.made != null && endedAt.getOrDefault(request.made, 0) < request.at) {
            unsure.add(request.made);
        }
        if (request.ended != null) {
            unsure.add(request.ended);
        }
    }

    private void forget(Pending request) {
        pending.remove(request);
        byTag.remove(request.tag);
        request.named.forEach(fid -> named.merge(fid, -1, Integer::sum));
    }

    /** A reply to nothing. */
    void sendUnexpected() {
        int tag = random.nextInt(Frame.NOTAG + 1);
        if (!byTag.containsKey(tag)) {
            send(tag, new Rclunk());
        }
    }

    private void send(int tag, Rmessage message) {
        ByteBuf frame = Unpooled.buffer();
        message.write(frame, tag);
        toNear.accept(frame);
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            fault = fault == null ? new AssertionError(otherwise) : fault;
            throw fault;
        }
    }
}
