package dev.ninetunnel.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MessageType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept for a far side, what shows that it has it, and what is sent again. */
class LedgerTest {
    private final Ledger ledger = new Ledger();

    @AfterEach
    void release() {
        ledger.release();
    }

    private static ByteBuf frame(MessageType type, int tag, int size) {
        ByteBuf frame = ByteBufAllocator.DEFAULT.buffer(size);
        int start = Frame.begin(frame, type, tag);
        frame.writeZero(size - Frame.HEADER);
        Frame.end(frame, start);
        return frame;
    }

    private void send(MessageType type, int tag) {
        send(type, tag, 20);
    }

    private void send(MessageType type, int tag, int size) {
        ByteBuf frame = frame(type, tag, size);
        ledger.sending(frame);
        frame.release();
    }

    private void receive(MessageType type, int tag) {
        ByteBuf frame = frame(type, tag, 20);
        ledger.receiving(frame);
        frame.release();
    }

    private List<Integer> resent(long theirs) {
        List<Integer> tags = new ArrayList<>();
        ledger.resend(theirs, frame -> {
            tags.add(Frame.tag(frame));
            frame.release();
        });
        return tags;
    }

    @Test
    @DisplayName("what the far side lacks is sent again, in order and unchanged, as often as it takes")
    void again() {
        send(MessageType.TREAD, 1);
        send(MessageType.RWRITE, 2);
        send(MessageType.TWRITE, 3, 5000);
        assertThat(resent(1)).containsExactly(2, 3);
        assertThat(resent(1)).containsExactly(2, 3);
        assertThat(resent(3)).isEmpty();
        assertThat(ledger.sent()).isEqualTo(3);
    }

    @Test
    @DisplayName("a reply shows that its request arrived, and all that was sent before it")
    void replyShows() {
        send(MessageType.RREAD, 7, 5000);
        send(MessageType.TREAD, 1);
        send(MessageType.TREAD, 2);
        receive(MessageType.RREAD, 1);
        assertThat(ledger.keptReplyBytes()).isZero();
        assertThat(ledger.keptBytes()).isEqualTo(20);
        assertThat(resent(2)).containsExactly(2);
    }

    @Test
    @DisplayName("a tag that is used again shows that its last reply arrived, and all that was sent before it")
    void requestShows() {
        send(MessageType.TREAD, 1);
        send(MessageType.RREAD, 7, 5000);
        send(MessageType.RREAD, 8, 5000);
        receive(MessageType.TREAD, 9);
        assertThat(ledger.keptBytes()).isEqualTo(10_020);
        receive(MessageType.TREAD, 7);
        assertThat(ledger.keptBytes()).isEqualTo(5000);
        receive(MessageType.TREAD, 8);
        assertThat(ledger.keptBytes()).isZero();
    }

    @Test
    @DisplayName("a reply to a tag that was never used shows nothing")
    void strange() {
        send(MessageType.TREAD, 1);
        receive(MessageType.RREAD, 500);
        assertThat(ledger.keptBytes()).isEqualTo(20);
        assertThat(ledger.received()).isEqualTo(1);
    }

    @Test
    @DisplayName("a count ahead of what was sent, or behind what was shown to have arrived, is a fault")
    void faults() {
        send(MessageType.TREAD, 1);
        send(MessageType.TREAD, 2);
        receive(MessageType.RREAD, 1);
        assertThat(ledger.fault(0)).hasValueSatisfying(why -> assertThat(why).contains("shown before"));
        assertThat(ledger.fault(1)).isEmpty();
        assertThat(ledger.fault(2)).isEmpty();
        assertThat(ledger.fault(3)).hasValueSatisfying(why -> assertThat(why).contains("2 were sent"));
    }

    @Test
    @DisplayName("replies that come without a request in between are counted, for the far side keeps them")
    void unshown() {
        receive(MessageType.RREAD, 1);
        receive(MessageType.RREAD, 2);
        assertThat(ledger.unshownBytes()).isEqualTo(40);
        send(MessageType.TFLUSH, 2);
        assertThat(ledger.unshownBytes()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {7, 23, 4095, 4096, 100_000})
    @DisplayName("frames of every size come back byte by byte, and what has arrived takes no memory")
    void content(int size) {
        Random random = new Random(size);
        Deque<byte[]> sent = new ArrayDeque<>();
        for (int i = 0; i < 1000; i++) {
            ByteBuf frame = frame(MessageType.TWRITE, i, size);
            byte[] body = new byte[size - Frame.HEADER];
            random.nextBytes(body);
            frame.setBytes(Frame.HEADER, body);
            byte[] whole = new byte[size];
            frame.getBytes(0, whole);
            sent.add(whole);
            ledger.sending(frame);
            frame.skipBytes(size);
            frame.release();
            if (sent.size() > random.nextInt(1, 200)) {
                receive(MessageType.RWRITE, i - sent.size() + 1);
                sent.removeFirst();
            }
        }
        List<byte[]> again = new ArrayList<>();
        ledger.resend(1000 - sent.size(), frame -> {
            byte[] whole = new byte[frame.readableBytes()];
            frame.readBytes(whole);
            again.add(whole);
            frame.release();
        });
        assertThat(again).containsExactlyElementsOf(sent);
        assertThat(ledger.keptBytes()).isEqualTo((long) sent.size() * size);
        receive(MessageType.RWRITE, 999);
        assertThat(ledger.keptBytes()).isZero();
    }
}
