package dev.ninetunnel.cache;

import static dev.ninetunnel.cache.Stage.A;
import static dev.ninetunnel.cache.Stage.D;
import static dev.ninetunnel.cache.Stage.LEASE;
import static dev.ninetunnel.cache.Stage.data;
import static dev.ninetunnel.cache.Stage.file;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.message.Rgetattr;
import dev.ninetunnel.wire.message.Rclunk;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tgetattr;
import dev.ninetunnel.wire.message.Tread;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is asked for before a client asks for it. */
class ReadAheadTest {
    private static final Qid FILE = file(5);
    private static final int PIECE = 128 << 10;
    private static final long SIZE = 100L * PIECE;

    private static Stage.Client opened(Stage stage) {
        Stage.Client client = stage.attached();
        client.walk(1, "f", FILE);
        client.send(1, Stage.getattr(1));
        stage.one(Tgetattr.class).grant(Stage.attributes(FILE, SIZE), 5);
        client.got(1, Rgetattr.class);
        client.open(1, FILE);
        return client;
    }

    private static Rread piece() {
        return new Rread(Unpooled.wrappedBuffer(new byte[PIECE]));
    }

    private static Tread at(long piece) {
        return new Tread(1, piece * PIECE, PIECE);
    }

    /** The offsets that the far side is asked for, in pieces. */
    private static List<Long> asked(Stage stage) {
        return stage.asked.stream().map(asking -> ((Tread) asking.message).offset() / PIECE).toList();
    }

    /** Two reads in a row, of which the second is followed by two asked ahead. */
    private static Stage.Client started(Stage stage) {
        Stage.Client client = opened(stage);
        client.send(1, at(0));
        stage.one(Tread.class).reply(piece());
        client.got(1, Rread.class);
        client.send(1, at(1));
        assertThat(asked(stage)).containsExactly(1L, 2L, 3L);
        stage.next(Tread.class).reply(piece());
        client.got(1, Rread.class);
        return client;
    }

    private static void come(Stage stage) {
        stage.next(Tread.class).reply(piece(), A | D, LEASE + 5);
    }

    @Test
    @DisplayName("a client that reads one piece after the other finds the next ones here; how far ahead doubles while it has to wait")
    void sequential() {
        try (Stage stage = new Stage(64 << 20)) {
            Stage.Client client = started(stage);
            client.send(1, at(2));
            client.gotNothing();
            assertThat(asked(stage)).containsExactly(2L, 3L, 4L, 5L);
            come(stage);
            client.got(1, Rread.class);
            while (!stage.asked.isEmpty() && asked(stage).getFirst() < 9) {
                come(stage);
                client.send(1, at(asked(stage).isEmpty() ? 9 : asked(stage).getFirst() - 1));
                client.got(1, Rread.class);
            }
            while (!stage.asked.isEmpty()) {
                stage.asked.getFirst().lose();
            }
            client.send(9, new Tclunk(1));
            client.got(9, Rclunk.class);
        }
    }

    /** Two more pieces are asked ahead; an answer takes a millisecond at best, a piece eight. */
    private static Stage.Client crowdedLine(Stage stage) {
        Stage.Client client = opened(stage);
        client.send(1, at(0));
        stage.pass(Duration.ofMillis(1));
        stage.one(Tread.class).reply(piece());
        client.got(1, Rread.class);
        client.send(1, at(1));
        stage.pass(Duration.ofMillis(8));
        stage.next(Tread.class).reply(piece());
        client.got(1, Rread.class);
        come(stage);
        client.send(1, at(2));
        client.got(1, Rread.class);
        return client;
    }

    @Test
    @DisplayName("nothing is asked for a client that turns out to have several reads under way, where it asks for as much as the line brings")
    void pipelinedLate() {
        for (int asked : new int[]{1, 17}) {
            try (Stage stage = new Stage(64 << 20)) {
                Stage.Client client = crowdedLine(stage);
                int end = 3 + asked;
                for (int i = 3; i < end; i++) {
                    client.send(i, at(i));
                }
                for (int i = 3; i < end; i++) {
                    stage.pass(Duration.ofMillis(8));
                    come(stage);
                    client.got(i, Rread.class);
                }
                assertThat(stage.asked.isEmpty()).as("after %s", asked).isEqualTo(asked > 1);
            }
        }
    }

    @Test
    @DisplayName("a client with several reads under way is read ahead for on a line that holds more than that")
    void pipelinedOnALongLine() {
        try (Stage stage = new Stage(64 << 20)) {
            Stage.Client client = opened(stage);
            stage.pass(Duration.ofMinutes(3)); // what came at once is no measure any more
            Duration way = Duration.ofMillis(40);
            for (int i = 0; i < 12; i++) {
                client.send(i, at(i));
                if (i == 0) {
                    stage.pass(way);
                    come(stage);
                    client.got(0, Rread.class);
                }
            }
            stage.pass(way);
            int answered = 1;
            while (answered < 12) {
                for (int due = stage.asked.size(); due > 0; due--) {
                    come(stage);
                }
                while (client.hasReply()) {
                    client.got(answered++, Rread.class);
                }
                stage.pass(way);
            }
            assertThat(asked(stage)).isNotEmpty().allMatch(piece -> piece >= 12);
        }
    }

    @Test
    @DisplayName("reads that change places, or begin in one piece and end in the next, find what was asked ahead, each its own bytes")
    void outOfOrder() {
        try (Stage stage = new Stage(64 << 20)) {
            Stage.Client client = started(stage);
            client.send(1, at(2));
            stage.next(Tread.class).reply(numbered(2), A | D, LEASE + 5);
            client.got(1, Rread.class);
            stage.next(Tread.class).reply(numbered(3), A | D, LEASE + 5);
            stage.next(Tread.class).reply(numbered(4), A | D, LEASE + 5);
            stage.next(Tread.class).reply(numbered(5), A | D, LEASE + 5);
            client.send(2, at(4));
            assertThat(client.got(2, Rread.class)).isEqualTo(numbered(4));
            client.send(1, at(3));
            assertThat(client.got(1, Rread.class)).isEqualTo(numbered(3));
            client.send(1, new Tread(1, 5L * PIECE, PIECE / 2));
            assertThat(client.got(1, Rread.class).data()).isEqualTo(numbered(5).data().slice(0, PIECE / 2));
            stage.next(Tread.class).reply(numbered(6), A | D, LEASE + 5);
            client.send(1, new Tread(1, 5L * PIECE + PIECE / 2, PIECE));
            assertThat(client.got(1, Rread.class).data()).isEqualTo(Unpooled
                    .wrappedBuffer(numbered(5).data().slice(PIECE / 2, PIECE / 2),
                            numbered(6).data().slice(0, PIECE / 2)));
            assertThat(asked(stage)).as("it goes on").contains(7L, 8L).doesNotContain(3L, 4L, 5L, 6L);
        }
    }

    /** A piece whose bytes are its number. */
    private static Rread numbered(int piece) {
        byte[] bytes = new byte[PIECE];
        Arrays.fill(bytes, (byte) piece);
        return new Rread(Unpooled.wrappedBuffer(bytes));
    }

    @Test
    @DisplayName("a client with two reads under way is read ahead for, also after it has read elsewhere")
    void twoAtOnce() {
        try (Stage stage = new Stage(64 << 20)) {
            Stage.Client client = started(stage);
            client.send(1, at(50));
            stage.asked.forEach(asking -> assertThat(asking.message).isInstanceOf(Tread.class));
            while (!stage.asked.isEmpty()) {
                come(stage);
            }
            client.got(1, Rread.class);
            client.send(1, at(51));
            client.send(2, at(52));
            come(stage);
            client.got(1, Rread.class);
            client.send(1, at(53));
            assertThat(asked(stage)).containsExactly(52L, 53L, 54L, 55L);
        }
    }

    @Test
    @DisplayName("a read elsewhere stops it, and what had come is forgotten")
    void random() {
        try (Stage stage = new Stage(64 << 20)) {
            Stage.Client client = started(stage);
            come(stage);
            come(stage);
            client.send(1, at(50));
            assertThat(asked(stage)).containsExactly(50L);
        }
    }

    @Test
    @DisplayName("a client that has several reads under way reads ahead by itself, and nothing is asked for it")
    void pipelined() {
        try (Stage stage = new Stage(64 << 20)) {
            Stage.Client client = opened(stage);
            for (int i = 0; i < 8; i++) {
                client.send(i, at(i));
            }
            assertThat(asked(stage)).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L);
        }
    }

    @Test
    @DisplayName("a read that waits for what was asked ahead is answered before those that came behind it")
    void inOrder() {
        try (Stage stage = new Stage(64 << 20)) {
            Stage.Client client = started(stage);
            for (int i = 2; i < 6; i++) {
                client.send(i, at(i));
            }
            for (int i = 2; i < 6; i++) {
                come(stage);
                client.got(i, Rread.class);
            }
        }
    }

    @Test
    @DisplayName("an error of what was asked ahead is not seen: who waits asks for itself")
    void errors() {
        try (Stage stage = new Stage(64 << 20)) {
            Stage.Client client = started(stage);
            client.send(1, at(2));
            stage.next(Tread.class).reply(new Rlerror(Errno.EIO.number()));
            client.gotNothing();
            assertThat(asked(stage)).contains(2L);
            stage.asked.getLast().reply(piece());
            client.got(1, Rread.class);
        }
    }

    @Test
    @DisplayName("without a lease on the data, nothing is asked ahead a second time")
    void withoutLeases() {
        try (Stage stage = new Stage(64 << 20)) {
            Stage.Client client = started(stage);
            stage.next(Tread.class).reply(piece());
            stage.next(Tread.class).reply(piece());
            for (int i = 2; i < 8; i++) {
                client.send(1, at(i));
                stage.one(Tread.class).reply(piece());
                client.got(1, Rread.class);
            }
        }
    }

    @Test
    @DisplayName("case 6: what was asked ahead is not used after a break")
    void broken() {
        try (Stage stage = new Stage(64 << 20)) {
            Stage.Client client = started(stage);
            come(stage);
            stage.breaks(5, A | D);
            client.send(1, at(2));
            assertThat(asked(stage)).contains(2L);
        }
    }

    @Test
    @DisplayName("rule 11, case 5: who joins an ask in flight is answered by it only if it is kept")
    void joined() {
        for (Rule left : new Rule[]{null, Rule.JOIN_ONLY_KEPT_ASKS}) {
            try (Stage stage = left == null ? new Stage(64 << 20) : new Stage(64 << 20, left)) {
                Stage.Client client = started(stage);
                stage.breaks(5, A | D);
                client.send(1, at(2));
                stage.next(Tread.class).reply(data("old"), A | D, LEASE + 5);
                if (left == null) {
                    client.gotNothing();
                } else {
                    client.got(1, Rread.class);
                }
            }
        }
    }
}
