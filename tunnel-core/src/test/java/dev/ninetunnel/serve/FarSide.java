package dev.ninetunnel.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.audit.Trail;
import dev.ninetunnel.export.Export;
import dev.ninetunnel.export.Exports;
import dev.ninetunnel.export.Rights;
import dev.ninetunnel.fs.local.LocalTrees;
import dev.ninetunnel.lease.Granter;
import dev.ninetunnel.link.FrameSink;
import dev.ninetunnel.link.ReadingValve;
import dev.ninetunnel.testing.ManualLoop;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rerror;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rversion;
import dev.ninetunnel.wire.message.Tattach;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tversion;
import dev.ninetunnel.wire.message.Twalk;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * The far side of a server role, in one thread: a request is answered before {@link #ask} returns, unless workers are {@link
 * #holdWork held}, whose work is then done when the test says so.
 */
public final class FarSide implements FrameSink, ReadingValve, AutoCloseable {
    static final int NOBODY = -1;

    final ManualLoop loop;
    final Exports exports;
    final Workers workers;
    final Quota quota;
    final ServerRole role;
    final List<Answer> answers = new ArrayList<>();
    final ArrayDeque<Runnable> work = new ArrayDeque<>();
    /** The tags of replies that were not wanted any more. */
    final List<Integer> cancelled = new ArrayList<>();
    int batches;
    boolean paused;
    private boolean holding;
    private int nextTag;

    private Runnable forget = () -> {};

    /** Leases that were asked back, in order. */
    final List<Recall> recalls = new ArrayList<>();

    /** How many of them {@link #askGivingUp} has given up. */
    int givenUp;

    /**
     * A lease that was asked back.
     *
     * @param giveUp to be run when it is given up
     * @param after how many replies had left before
     */
    record Recall(long lease, int lost, Runnable giveUp, int after) {}

    /** A reply and its tag. */
    record Answer(int tag, Rmessage message, int size) {}

    public FarSide(boolean ours, ServerLimits limits, Export... exports) throws IOException {
        this(ours, limits, new Exports(List.of(exports), new LocalTrees()));
    }

    FarSide(boolean ours, ServerLimits limits, Exports exports) {
        this.loop = new ManualLoop();
        this.exports = exports;
        this.workers = new Workers(this::work);
        this.quota = new Quota(loop, Rights.Limits.NONE);
        this.role = role(ours, limits);
    }

    private FarSide(Exports exports, ManualLoop loop) {
        this.loop = loop;
        this.exports = exports;
        this.workers = new Workers(this::work);
        this.quota = new Quota(loop, Rights.Limits.NONE);
        this.role = role(true, ServerLimits.STANDARD);
    }

    /** One of our endpoints, which has to share everything with another far side. */
    private FarSide(FarSide other, Quota quota) {
        this.loop = other.loop;
        this.exports = other.exports;
        this.workers = other.workers;
        this.quota = quota;
        this.role = role(true, ServerLimits.STANDARD);
        version("9P2000.L");
    }

    private ServerRole role(boolean ours, ServerLimits limits) {
        return new ServerRole(loop, exports, quota, workers, limits, new ServerRole.Peer("test", ours), Trail.NONE,
                this,
                this);
    }

    /** One that may hold leases, on what is exported, which is closed with this. */
    static FarSide holder(Exports exports, Granter granter, ManualLoop loop) {
        FarSide far = new FarSide(exports, loop);
        far.hold(granter);
        return far;
    }

    /** Another peer of the same endpoint, that may hold leases as well. */
    FarSide otherHolder(Granter granter) {
        return holder(exports, granter, loop);
    }

    /** Says Tversion, and that it may hold leases. */
    void hold(Granter granter) {
        forget = () -> granter.join("", Duration.ofSeconds(10), (lease, lost, givenUp) -> {});
        role.grantBy(granter);
        version("9P2000.L");
        role.takeRecalls((lease, lost, givenUp) -> givenUp.run());
        role.grant(Duration.ofSeconds(10),
                (lease, lost, givenUp) -> recalls.add(new Recall(lease, lost, givenUp, answers.size())));
    }

    /** Begins anew, which tells that it has forgotten all leases of the conversation that has ended. */
    void forget() {
        forget.run();
    }

    /** Another peer of the same endpoint, that has said Tversion. */
    FarSide otherPeer() {
        return new FarSide(this, new Quota(loop, Rights.Limits.NONE));
    }

    /** Another conversation of the same peer, that has begun. */
    FarSide otherConversation() {
        return new FarSide(this, quota);
    }

    /** One of our endpoints, that has said Tversion, on one exported directory. */
    static FarSide ours(Path directory) throws IOException {
        FarSide far = new FarSide(true, ServerLimits.STANDARD, directory("files", directory));
        far.version("9P2000.L");
        return far;
    }

    /** The same, on what is exported already, which is closed with this. */
    static FarSide of(Exports exports) {
        FarSide far = new FarSide(true, ServerLimits.STANDARD, exports);
        far.version("9P2000.L");
        return far;
    }

    static Export directory(String name, Path path) {
        return new Export(name, new Export.Target.Directory(path, false));
    }

    static Export readOnly(String name, Path path) {
        return new Export(name, new Export.Target.Directory(path, true));
    }

    private void work(Runnable task) {
        if (holding) {
            work.add(task);
        } else {
            task.run();
        }
    }

    void holdWork() {
        holding = true;
    }

    /** Lets go on, and does what was held. */
    void doWork() {
        holding = false;
        while (!work.isEmpty()) {
            work.remove().run();
        }
    }

    public Rversion version(String version) {
        return (Rversion) ask(Frame.NOTAG, new Tversion(1 << 20, Text.of(version)));
    }

    /** Attaches in 9P2000.L. */
    Rmessage attach(int fid, String aname) {
        return ask(new Tattach(fid, Frame.NOFID, Text.of("u"), Text.of(aname), OptionalInt.of(NOBODY)));
    }

    /** Attaches in 9P2000. */
    Rmessage attachPlain(int fid, String aname) {
        return ask(new Tattach(fid, Frame.NOFID, Text.of("u"), Text.of(aname), OptionalInt.empty()));
    }

    public Rmessage walk(int fid, int newfid, String... names) {
        return ask(new Twalk(fid, newfid, Arrays.stream(names).map(Text::of).toList()));
    }

    /** Sends a request that is to be answered at once, and returns the answer. */
    public Rmessage ask(Tmessage request) {
        return ask(nextTag++ & 0x7FFF, request);
    }

    Rmessage ask(int tag, Tmessage request) {
        int before = answers.size();
        send(tag, request);
        assertThat(answers).as("replies to %s", request).hasSize(before + 1);
        Answer answer = answers.getLast();
        assertThat(answer.tag).isEqualTo(tag);
        return answer.message;
    }

    /** The bytes of its requests that count as under way. */
    long inFlight() {
        return quota.flight();
    }

    /** Sends a request, gives up what is asked back by then, and returns the answer. */
    <T extends Rmessage> T askGivingUp(Class<T> type, Tmessage request) {
        int before = answers.size();
        send(nextTag++ & 0x7FFF, request);
        List<Recall> due = List.copyOf(recalls);
        recalls.clear();
        due.forEach(recall -> recall.giveUp().run());
        assertThat(answers).as("replies to %s", request).hasSize(before + 1);
        givenUp += due.size();
        return type.cast(answers.getLast().message);
    }

    /** An answer of this type. */
    public <T extends Rmessage> T ask(Class<T> type, Tmessage request) {
        Rmessage answer = ask(request);
        assertThat(answer).as("reply to %s", request).isInstanceOf(type);
        return type.cast(answer);
    }

    /** The number in the Rlerror that answers this. */
    public int errno(Tmessage request) {
        return ask(Rlerror.class, request).ecode();
    }

    /** The words in the Rerror that answers this. */
    public String words(Tmessage request) {
        return ask(Rerror.class, request).ename().utf8();
    }

    void send(int tag, Tmessage request) {
        ByteBuf frame = Unpooled.buffer();
        request.write(frame, tag);
        role.accept(frame);
    }

    @Override
    public void accept(ByteBuf frame) {
        assertThat(Frame.int32(frame, 0)).isEqualTo(frame.readableBytes());
        // A copy on the heap, so that what is decoded from it may be kept.
        ByteBuf copy = Unpooled.copiedBuffer(frame);
        frame.release();
        answers.add(new Answer(Frame.tag(copy), Rmessage.read(copy), copy.readableBytes()));
    }

    @Override
    public void cancel(int tag) {
        cancelled.add(tag);
    }

    @Override
    public void endOfBatch() {
        batches++;
    }

    /** A valve that nobody looks at. */
    static final class Valve implements ReadingValve {
        @Override
        public void pause() {
            // The test sends what it sends.
        }

        @Override
        public void resume() {
            // As above.
        }
    }

    @Override
    public void pause() {
        paused = true;
    }

    @Override
    public void resume() {
        paused = false;
    }

    @Override
    public void close() {
        role.close();
        doWork();
        exports.close();
    }
}
