package dev.ninetunnel.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.testing.RawNine;
import dev.ninetunnel.testing.Request;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rclunk;
import dev.ninetunnel.wire.message.Rerror;
import dev.ninetunnel.wire.message.Rflush;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Rreaddir;
import dev.ninetunnel.wire.message.Rversion;
import dev.ninetunnel.wire.message.Rwalk;
import dev.ninetunnel.wire.message.Rwrite;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tflush;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Treaddir;
import dev.ninetunnel.wire.message.Tversion;
import dev.ninetunnel.wire.message.Twalk;
import dev.ninetunnel.wire.message.Twrite;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The client on one side of an embedded channel, a scripted server on the other. */
@DisplayName("a client")
class NineClientTest {
    private static final int MSIZE = 8192;

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final RawNine server = RawNine.over(channel);

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
        server.close();
    }

    private CompletableFuture<NineClient> connect(Offer offer) {
        return NineClient.over(channel, offer.withMsize(MSIZE));
    }

    private NineClient connected() {
        CompletableFuture<NineClient> client = connect(Offer.any());
        server.acceptVersion();
        return client.join();
    }

    private static Text text(String s) {
        return Text.of(s);
    }

    private static Throwable failure(CompletableFuture<?> future) {
        assertThat(future).isCompletedExceptionally();
        return future.exceptionNow();
    }

    private static Tread read(int count) {
        return new Tread(1, 0, count);
    }

    @Test
    void agreesOnADialectAndTheSmallerMsize() {
        CompletableFuture<NineClient> client = connect(Offer.any());
        Request<Tversion> asked = server.expect(Tversion.class);
        assertThat(asked.tag()).isEqualTo(Frame.NOTAG);
        assertThat(asked.message()).isEqualTo(new Tversion(MSIZE, text("9P2000.L")));
        asked.answer(new Rversion(4096, text("9P2000.L")));

        assertThat(client.join().dialect()).isEqualTo(Dialect.LINUX);
        assertThat(client.join().msize()).isEqualTo(4096);
        assertThat(client.join().dataSize()).isEqualTo(4096 - 24);
    }

    @Test
    void takesThePlainDialectWhereTheServerAnswersSo() {
        CompletableFuture<NineClient> client = connect(Offer.any());
        server.expect(Tversion.class).answer(new Rversion(MSIZE, text("9P2000")));
        assertThat(client.join().dialect()).isEqualTo(Dialect.PLAIN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"unknown", "9P2000.u", "9P2000.L;x=1", ""})
    void asksForThePlainDialectWhereTheServerDoesNotKnowTheOther(String answer) {
        CompletableFuture<NineClient> client = connect(Offer.any());
        server.expect(Tversion.class).answer(new Rversion(MSIZE, text(answer)));
        Request<Tversion> again = server.expect(Tversion.class);
        assertThat(again.message().version()).isEqualTo(text("9P2000"));
        again.answer(new Rversion(MSIZE, text("9P2000")));
        assertThat(client.join().dialect()).isEqualTo(Dialect.PLAIN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"unknown", "9P2000", "9P2000.u", "\u001b[31m"})
    void saysSoWhereTheServerSpeaksNoDialectThatWillDo(String answer) {
        CompletableFuture<NineClient> client = connect(Offer.of(Dialect.LINUX));
        server.expect(Tversion.class).answer(new Rversion(MSIZE, text(answer)));
        assertThat(failure(client)).isInstanceOf(ConversationException.class).hasMessageEndingWith(
                " does not speak 9P2000.L: it answered \"" + text(answer) + "\"").message().doesNotContain("\u001b");
        assertThat(channel.isOpen()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7, 4095, MSIZE + 1, -1})
    void refusesAnMsizeThatIsTooSmallOrLargerThanOffered(int msize) {
        CompletableFuture<NineClient> client = connect(Offer.any());
        server.expect(Tversion.class).answer(new Rversion(msize, text("9P2000.L")));
        assertThat(failure(client)).isInstanceOf(ConversationException.class)
                .hasMessageContaining(Integer.toUnsignedString(msize) + " bytes");
    }

    static Stream<Arguments> refusals() {
        return Stream.of(Arguments.of(new Rlerror(Errno.EACCES.number()), "Permission denied"),
                Arguments.of(new Rerror(text("go away"), OptionalInt.empty()), "go away"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void reportsTheWordsOfAServerThatRefusesTversion(Rmessage refusal, String words) {
        CompletableFuture<NineClient> client = connect(Offer.any());
        server.expect(Tversion.class).answer(refusal);
        assertThat(failure(client)).isInstanceOf(RefusedException.class)
                .hasMessageEndingWith("refused to agree on a version: " + words);
    }

    @Test
    void givesUpOnAServerThatDoesNotAnswerTversion() {
        channel.freezeTime();
        CompletableFuture<NineClient> client = connect(Offer.any());
        server.expect(Tversion.class);
        channel.advanceTimeBy(19, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        assertThat(client).isNotDone();
        channel.advanceTimeBy(2, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        assertThat(failure(client)).isInstanceOf(ConversationException.class)
                .hasMessageContaining("did not answer Tversion within 20 seconds: is it a 9P server?");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void saysSoWhereTheOtherSideSpeaksNo9P() {
        CompletableFuture<NineClient> client = connect(Offer.any());
        server.expect(Tversion.class);
        server.sendFrame(
                Unpooled.copiedBuffer("HTTP/1.1 400 Bad Request\r\n", StandardCharsets.UTF_8));
        assertThat(failure(client)).isInstanceOf(ConversationException.class)
                .hasMessageContaining("broke the protocol: a frame of 1347703880 bytes");
    }

    @Test
    void givesEachOfManyRequestsItsOwnReplyInAnyOrder() {
        NineClient client = connected();
        List<CompletableFuture<Rmessage>> futures = new ArrayList<>();
        List<Request<Tread>> requests = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            futures.add(client.send(new Tread(1, i, 4)));
        }
        for (int i = 0; i < 200; i++) {
            requests.add(server.expect(Tread.class));
        }
        Collections.shuffle(requests, new java.util.Random(1));
        for (Request<Tread> request : requests) {
            request.answer(new Rread(Unpooled.copyInt((int) request.message().offset())));
        }
        for (int i = 0; i < 200; i++) {
            assertThat(((Rread) futures.get(i).join()).data().readInt()).isEqualTo(i);
        }
    }

    @Test
    @DisplayName("M1 M2 hands out every tag from 0 to 0xFFFE, each once, and then waits for a free one")
    void handsOutEveryTagOnce() {
        // Without a record of each access to each of so many buffers.
        channel.config().setAllocator(new UnpooledByteBufAllocator(false, true));
        NineClient client = connected();
        List<CompletableFuture<Rmessage>> futures = new ArrayList<>();
        Set<Integer> tags = new HashSet<>();
        for (int i = 0; i < Frame.NOTAG; i++) {
            futures.add(client.send(new Tclunk(i)));
            tags.add(server.expect(Tclunk.class).tag());
        }
        futures.add(client.send(new Tclunk(Frame.NOTAG)));
        futures.add(client.send(new Tclunk(Frame.NOTAG + 1)));
        assertThat(tags).hasSize(Frame.NOTAG).contains(0, 0xFFFE).doesNotContain(Frame.NOTAG);
        server.expectNothing();

        server.send(new Rclunk(), 77);
        Request<Tclunk> waited = server.expect(Tclunk.class);
        assertThat(waited.tag()).isEqualTo(77);
        assertThat(waited.message().fid()).isEqualTo(Frame.NOTAG);
        server.expectNothing();
        channel.close();
        assertThat(futures).allMatch(CompletableFuture::isDone);
    }

    @Test
    void failsWithTheNumberAndTheWordsOfAnError() {
        NineClient client = connected();
        CompletableFuture<Rmessage> number = client.send(new Tclunk(1));
        server.expect(Tclunk.class).refuse(Errno.ENOENT);
        CompletableFuture<Rmessage> oddNumber = client.send(new Tclunk(1));
        server.expect(Tclunk.class).answer(new Rlerror(3999));
        CompletableFuture<Rmessage> words = client.send(new Tclunk(1));
        server.expect(Tclunk.class).answer(new Rerror(text("file does not exist\n"), OptionalInt.empty()));
        CompletableFuture<Rmessage> both = client.send(new Tclunk(1));
        server.expect(Tclunk.class).answer(new Rerror(text("no"), OptionalInt.of(13)));

        assertThat(failure(number)).hasMessage("No such file or directory").isInstanceOfSatisfying(
                RefusedException.class, e -> assertThat(e.errno()).isEqualTo(2));
        assertThat(failure(oddNumber)).hasMessage("Error 3999").isInstanceOfSatisfying(RefusedException.class,
                e -> assertThat(e.errno()).isEqualTo(3999));
        assertThat(failure(words)).hasMessage("file does not exist\\x0a");
        assertThat(failure(both)).hasMessage("no").isInstanceOfSatisfying(RefusedException.class,
                e -> assertThat(e.is(Errno.EACCES)).isTrue());
    }

    @Test
    void givesDataThatStayAndLooksAtDataInPlace() {
        NineClient client = connected();
        CompletableFuture<Rmessage> copied = client.send(read(3));
        server.expect(Tread.class).answer(new Rread(Unpooled.wrappedBuffer(new byte[]{1, 2, 3})));
        CompletableFuture<Integer> inPlace = client.send(read(3), reply -> ((Rread) reply).data().readableBytes());
        server.expect(Tread.class).answer(new Rread(Unpooled.wrappedBuffer(new byte[]{4, 5})));

        ByteBuf data = ((Rread) copied.join()).data();
        assertThat(data).isEqualTo(Unpooled.wrappedBuffer(new byte[]{1, 2, 3}));
        assertThat(data.hasArray()).isTrue();
        assertThat(inPlace.join()).isEqualTo(2);
    }

    @Test
    void copiesWhatIsToBeWrittenBeforeSendReturns() {
        NineClient client = connected();
        byte[] data = {1, 2, 3};
        client.send(new Twrite(1, 0, Unpooled.wrappedBuffer(data)));
        data[0] = 99;
        assertThat(server.expect(Twrite.class).message().data()).isEqualTo(Unpooled.wrappedBuffer(new byte[]{1, 2, 3}));
    }

    @Test
    void sendsNothingBeyondTheMsize() {
        NineClient client = connected();
        CompletableFuture<Rmessage> write = client.send(
                new Twrite(1, 0, Unpooled.wrappedBuffer(new byte[MSIZE - 22])));
        assertThat(failure(write)).isInstanceOf(IllegalArgumentException.class);
        client.send(new Twrite(1, 0, Unpooled.wrappedBuffer(new byte[MSIZE - 23])));
        assertThat(server.receive().bytes()).hasSize(MSIZE);
    }

    static Stream<Arguments> wrongReplies() {
        Qid qid = new Qid(0, 0, 0);
        ByteBuf five = Unpooled.wrappedBuffer(new byte[5]);
        return Stream.of(Arguments.of("more data than asked for", read(4), new Rread(five)),
                Arguments.of("more entries than asked for", new Treaddir(1, 0, 4), new Rreaddir(five)),
                Arguments.of("more qids than names", new Twalk(1, 2, List.of(text("a"))), new Rwalk(List.of(qid, qid))),
                Arguments.of("more written than sent", new Twrite(1, 0, five), new Rwrite(6)),
                Arguments.of("a negative count", new Twrite(1, 0, five), new Rwrite(-1)),
                Arguments.of("a reply to something else", read(4), new Rclunk()),
                Arguments.of("a reply that only Tversion has", read(4), new Rversion(4096, text("9P2000"))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrongReplies")
    @DisplayName("ends the conversation with a server that answers with")
    void endsTheConversationOnAWrongReply(String what, Tmessage request, Rmessage reply) {
        NineClient client = connected();
        CompletableFuture<Rmessage> other = client.send(new Tclunk(9));
        int tagOfOther = server.expect(Tclunk.class).tag();
        CompletableFuture<Rmessage> future = client.send(request);
        int tag = server.receive().tag();
        assertThat(tag).isNotEqualTo(tagOfOther);
        server.send(reply, tag);
        for (CompletableFuture<?> lost : List.of(future, other, client.send(new Tclunk(1)))) {
            channel.runPendingTasks();
            assertThat(failure(lost)).isInstanceOf(ConversationException.class).hasMessageContaining(
                    "broke the protocol");
        }
        assertThat(channel.isOpen()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"07000000790500", "07000000780000", "07000000060000", "070000006a0000", "0700000079ffff",
            "03000000", "00000080", "0800000079000000"})
    @DisplayName("L2 L3 L4 ends the conversation with a server that sends what no request waits for, or no 9P:")
    void endsTheConversationOnNoise(String hex) {
        NineClient client = connected();
        CompletableFuture<Rmessage> pending = client.send(new Tclunk(1));
        server.expect(Tclunk.class);
        server.sendHex(hex);
        assertThat(failure(pending)).isInstanceOf(ConversationException.class);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void failsAllThatIsPendingWhenTheConnectionIsLost() {
        NineClient client = connected();
        CompletableFuture<Rmessage> pending = client.send(new Tclunk(1));
        server.expect(Tclunk.class);
        channel.close();
        assertThat(failure(pending)).isInstanceOf(ConversationException.class)
                .hasMessageContaining("closed the connection");
        CompletableFuture<Rmessage> later = client.send(new Tclunk(1));
        channel.runPendingTasks();
        assertThat(failure(later)).isInstanceOf(ConversationException.class);
    }

    @Test
    void failsAllThatIsPendingWhenItIsClosed() {
        NineClient client = connected();
        CompletableFuture<Rmessage> pending = client.send(new Tclunk(1));
        client.close();
        client.close();
        channel.runPendingTasks();
        assertThat(failure(pending)).isInstanceOf(ConversationException.class).hasMessage("this client was closed");
    }

    @Test
    @DisplayName("M3 M11 flushes a request, whose tag is free again after the Rflush only")
    void flushesARequest() throws ExecutionException, InterruptedException {
        NineClient client = connected();
        CompletableFuture<Rmessage> victim = client.send(read(4));
        int tag = server.expect(Tread.class).tag();
        CompletableFuture<Void> flushed = client.flush(victim);
        Request<Tflush> flush = server.expect(Tflush.class);
        assertThat(flush.message().oldtag()).isEqualTo(tag);
        client.send(new Tclunk(3));
        assertThat(server.expect(Tclunk.class).tag()).isNotEqualTo(tag);
        assertThat(flushed).isNotDone();

        flush.answer(new Rflush());
        flushed.get();
        assertThat(victim).isCancelled();
        Set<Integer> next = new HashSet<>();
        for (int i = 0; i < 2; i++) {
            client.send(new Tclunk(4));
            next.add(server.expect(Tclunk.class).tag());
        }
        assertThat(next).containsExactlyInAnyOrder(tag, flush.tag());
    }

    @Test
    @DisplayName("M3 takes a reply that comes before the Rflush, and keeps the tag until that")
    void takesAReplyThatComesBeforeTheRflush() {
        NineClient client = connected();
        CompletableFuture<Rmessage> victim = client.send(read(4));
        Request<Tread> read = server.expect(Tread.class);
        CompletableFuture<Void> flushed = client.flush(victim);
        Request<Tflush> flush = server.expect(Tflush.class);
        read.answer(new Rread(Unpooled.wrappedBuffer(new byte[]{1})));
        channel.runPendingTasks();
        assertThat(victim).isCompleted();
        client.send(new Tclunk(3));
        assertThat(server.expect(Tclunk.class).tag()).isNotEqualTo(read.tag());
        flush.answer(new Rflush());
        assertThat(flushed).isCompleted();
    }

    @Test
    @DisplayName("M11 flushes of one request are answered each, and its tag is free after the last")
    void severalFlushesOfOneRequest() {
        NineClient client = connected();
        CompletableFuture<Rmessage> victim = client.send(read(4));
        int tag = server.expect(Tread.class).tag();
        CompletableFuture<Void> first = client.flush(victim);
        CompletableFuture<Void> second = client.flush(victim);
        Request<Tflush> one = server.expect(Tflush.class);
        Request<Tflush> two = server.expect(Tflush.class);
        one.answer(new Rflush());
        assertThat(first).isCompleted();
        assertThat(second).isNotDone();
        client.send(new Tclunk(3));
        assertThat(server.expect(Tclunk.class).tag()).isNotEqualTo(tag);
        two.answer(new Rflush());
        assertThat(second).isCompleted();
    }

    @Test
    void aFlushOfWhatIsOverIsDoneAtOnce() {
        NineClient client = connected();
        CompletableFuture<Rmessage> done = client.send(new Tclunk(1));
        server.expect(Tclunk.class).answer(new Rclunk());
        CompletableFuture<Void> flushed = client.flush(done);
        channel.runPendingTasks();
        assertThat(flushed).isCompleted();
        server.expectNothing();
    }

    @Test
    void aLostConnectionFailsWhatIsBeingFlushedToo() {
        NineClient client = connected();
        CompletableFuture<Rmessage> victim = client.send(read(4));
        CompletableFuture<Void> flushed = client.flush(victim);
        server.expect(Tread.class);
        server.expect(Tflush.class);
        channel.close();
        assertThat(failure(victim)).isInstanceOf(ConversationException.class);
        assertThat(flushed).isDone();
    }

    @Test
    void anOfferNeedsADialectAndRoomForMessages() {
        assertThatThrownBy(() -> Offer.any().withMsize(4095)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @DisplayName("sends much data from where they lie outside the heap, and has let go of them when the reply is there")
    void muchDataIsNotCopied() {
        CompletableFuture<NineClient> connecting = NineClient.over(channel, Offer.any().withMsize(1 << 20));
        server.acceptVersion();
        ByteBuf data = UnpooledByteBufAllocator.DEFAULT.directBuffer().writeZero(100_000).setByte(99_999, 7);
        CompletableFuture<Rmessage> reply = connecting.join().send(new Twrite(3, 5, data));
        assertThat(data.refCnt()).as("owners of the data, of which one is the request that waits").isEqualTo(2);
        Request<Twrite> asked = server.expect(Twrite.class);
        assertThat(asked.message()).isEqualTo(new Twrite(3, 5, data));
        asked.answer(new Rwrite(100_000));
        assertThat(reply.join()).isEqualTo(new Rwrite(100_000));
        assertThat(data.refCnt()).isEqualTo(1);
        data.release();
    }
}
