package dev.ninetunnel.cache;

import static dev.ninetunnel.cache.Stage.A;
import static dev.ninetunnel.cache.Stage.D;
import static dev.ninetunnel.cache.Stage.N;
import static dev.ninetunnel.cache.Stage.attributes;
import static dev.ninetunnel.cache.Stage.data;
import static dev.ninetunnel.cache.Stage.file;
import static dev.ninetunnel.cache.Stage.getattr;
import static dev.ninetunnel.cache.Stage.read;
import static dev.ninetunnel.cache.Stage.walk;
import static dev.ninetunnel.cache.Stage.walked;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rclunk;
import dev.ninetunnel.wire.message.Rgetattr;
import dev.ninetunnel.wire.message.Rlcreate;
import dev.ninetunnel.wire.message.Rlopen;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Runlinkat;
import dev.ninetunnel.wire.message.Rwalk;
import dev.ninetunnel.wire.message.Rwrite;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tgetattr;
import dev.ninetunnel.wire.message.Tlcreate;
import dev.ninetunnel.wire.message.Tlopen;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Tunlinkat;
import dev.ninetunnel.wire.message.Twalk;
import dev.ninetunnel.wire.message.Twrite;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The rules for holders of docs/coherence.md: each is kept, and would be missed if it were left out. */
class HolderRulesTest {
    private static final Qid FILE = file(5);

    /** With all rules it is right; without this one it is not, which {@code isWrong} finds. */
    private static void holds(Rule rule, Predicate<Stage> isWrong) {
        try (Stage stage = new Stage()) {
            assertThat(isWrong.test(stage)).as("wrong with all rules").isFalse();
        }
        try (Stage stage = new Stage(rule)) {
            assertThat(isWrong.test(stage)).as("wrong without " + rule).isTrue();
        }
    }

    /** Whether the client is answered without a question to the far side. */
    private static boolean isAnsweredHere(Stage stage, Stage.Client client) {
        int before = stage.asked.size();
        client.send(99, read(1));
        return stage.asked.size() == before;
    }

    private static Twrite write() {
        return new Twrite(1, 0, Unpooled.copiedBuffer(new byte[]{1}));
    }

    @Test
    @DisplayName("rule 7, cases 2 and 4: what was asked before a break and is answered after it is passed on, and not kept")
    void askedBeforeBreak() {
        holds(Rule.ASKED_BEFORE_BREAK_NOT_KEPT, stage -> {
            Stage.Client client = stage.attached();
            client.walk(1, "f", FILE);
            client.open(1, FILE);
            client.send(1, read(1));
            assertThat(stage.breaks(5, A | D)[0]).isTrue();
            stage.one(Tread.class).grant(data("old"), 5);
            assertThat(client.got(1, Rread.class)).isEqualTo(data("old"));
            return isAnsweredHere(stage, client);
        });
    }

    @Test
    @DisplayName("rule 8: what is held is dropped before the break is answered")
    void dropBeforeAck() {
        holds(Rule.DROP_BEFORE_ACK, stage -> {
            Stage.Client client = stage.attached();
            client.readFile(1, "f", FILE, "old");
            assertThat(stage.breaks(5, A | D)[0]).isTrue();
            return isAnsweredHere(stage, client);
        });
    }

    @Test
    @DisplayName("rule 9, case 7: while a change of its own is in flight, nothing about that file is answered here")
    void ownChange() {
        holds(Rule.OWN_CHANGE_STOPS_CACHE, stage -> {
            Stage.Client client = stage.attached();
            client.readFile(1, "f", FILE, "old");
            client.send(2, write());
            return isAnsweredHere(stage, client);
        });
    }

    @Test
    @DisplayName("rule 10, case 9: a read that crosses an own change is not kept")
    void crossed() {
        holds(Rule.OWN_CHANGE_OVERLAP_NOT_KEPT, stage -> {
            Stage.Client client = stage.attached();
            client.walk(1, "f", FILE);
            client.open(1, FILE);
            client.send(1, read(1));
            client.send(2, write());
            stage.next(Twrite.class).reply(new Rwrite(1));
            client.got(2, Rwrite.class);
            stage.one(Tread.class).grant(data("old"), 5);
            client.got(1, Rread.class);
            return isAnsweredHere(stage, client);
        });
    }

    @Test
    @DisplayName("rule 11, case 5: attributes that come with a walk answer a later question only if they are kept")
    void joinedAttributes() {
        holds(Rule.JOIN_ONLY_KEPT_ASKS, stage -> {
            Stage.Client client = stage.attached();
            client.looks();
            client.send(1, walk(0, 1, "f"));
            stage.next(Twalk.class).grant(walked(FILE), 5);
            client.got(1, Rwalk.class);
            client.send(2, getattr(1));
            assertThat(stage.breaks(5, A)[0]).isTrue();
            stage.next(Tgetattr.class).grant(attributes(FILE, 1), 5);
            return stage.asked.isEmpty();
        });
    }

    @Test
    @DisplayName("rule 12, case 10: fids that exist here only are made at the far side before a break is answered")
    void boundBeforeAck() {
        holds(Rule.NAMES_BOUND_BEFORE_ACK, stage -> {
            Stage.Client client = stage.attached();
            client.walk(1, "f", FILE);
            client.here(walk(0, 2, "f"), Rwalk.class);
            boolean[] answered = stage.breaks(1, A | N);
            boolean early = answered[0];
            if (!early) {
                stage.one(Twalk.class).reply(walked(FILE));
                assertThat(answered[0]).as("answered when the fid was made").isTrue();
            }
            return early;
        });
    }

    @Test
    @DisplayName("rule 13, case 11: the same before a change of its own, which is sent by the same fid just behind")
    void boundBeforeChange() {
        holds(Rule.NAMES_BOUND_BEFORE_CHANGE, stage -> {
            Stage.Client client = stage.attached();
            client.walk(1, "f", FILE);
            client.here(walk(0, 2, "f"), Rwalk.class);
            client.send(3, new Tunlinkat(0, Text.of("f"), 0));
            boolean late = stage.asked.stream().noneMatch(asking -> asking.message instanceof Twalk);
            if (!late) {
                stage.next(Twalk.class).reply(walked(FILE));
                stage.one(Tunlinkat.class).reply(new Runlinkat());
                client.got(3, Runlinkat.class);
            }
            return late;
        });
    }

    @Test
    @DisplayName("rule 13: a change by another fid, whose order is not kept, waits until the fid is made that goes by the name")
    void boundBeforeChangeByAnotherFid() {
        try (Stage stage = new Stage()) {
            Stage.Client client = stage.attached();
            client.walk(1, "f", FILE);
            client.here(walk(0, 2, "f"), Rwalk.class);
            client.here(walk(0, 3), Rwalk.class);
            client.send(3, new Tunlinkat(3, Text.of("f"), 0));
            bothMade(stage);
            stage.one(Tunlinkat.class).reply(new Runlinkat());
            client.got(3, Runlinkat.class);
        }
    }

    /** A fid of the directory, and one that goes by a name in it. */
    private static void bothMade(Stage stage) {
        List<Stage.Asking> walks = List.copyOf(stage.asked);
        assertThat(walks).hasSize(2);
        for (Stage.Asking walk : walks) {
            assertThat(stage.asked).allMatch(asking -> asking.message instanceof Twalk);
            walk.reply(((Twalk) walk.message).names().isEmpty() ? walked() : walked(FILE));
        }
    }

    @Test
    @DisplayName("case 26: whatever goes by names of the directory is made before a change that the far side may hold up, or a break would wait for it")
    void boundBeforeChangeThatWaits() {
        try (Stage stage = new Stage()) {
            Stage.Client client = stage.attached();
            client.walk(1, "f", FILE);
            client.walk(4, "g", file(6));
            client.here(walk(0, 2, "f"), Rwalk.class);
            client.here(walk(0, 5, "g"), Rwalk.class);
            client.send(3, new Tunlinkat(0, Text.of("f"), 0));
            assertThat(stage.asked).extracting(asking -> asking.message.getClass().getSimpleName())
                    .containsExactly("Twalk", "Twalk", "Tunlinkat");
            for (int i = 0; i < 2; i++) {
                Stage.Asking walk = stage.next(Twalk.class);
                boolean isFirst = ((Twalk) walk.message).names().contains(Text.of("f"));
                walk.reply(walked(isFirst ? FILE : file(6)));
            }
            assertThat(stage.breaks(1, A | N)[0]).isTrue();
        }
    }

    @Test
    @DisplayName("rule 22, case 17: from the arrival of a break on, nothing of it is answered here")
    void stopAtBreak() {
        holds(Rule.STOP_AT_BREAK, stage -> {
            Stage.Client client = stage.attached();
            client.walk(1, "f", FILE);
            client.here(walk(0, 2, "f"), Rwalk.class);
            assertThat(stage.breaks(1, A | N)[0]).as("waits for the fid").isFalse();
            int before = stage.asked.size();
            client.send(4, walk(0, 3, "f"));
            return stage.asked.size() == before;
        });
    }

    @Test
    @DisplayName("rule 23, case 16: the term counts from when the question was put whose answer has come")
    void termFromAsking() {
        holds(Rule.TERM_FROM_ASKING, stage -> {
            Stage.Client client = stage.attached();
            client.walk(1, "f", FILE);
            client.open(1, FILE);
            client.send(1, read(1));
            stage.pass(Stage.TERM.minusSeconds(1));
            stage.one(Tread.class).grant(data("old"), 5);
            client.got(1, Rread.class);
            stage.pass(Duration.ofSeconds(2));
            return isAnsweredHere(stage, client);
        });
    }

    @Test
    @DisplayName("rule 29, cases 27 and 30: nothing is answered here beyond the term, by a clock that goes on in sleep")
    void termIsObeyed() {
        holds(Rule.TERM_IS_OBEYED, stage -> {
            Stage.Client client = stage.attached();
            client.readFile(1, "f", FILE, "old");
            stage.pass(Duration.ofHours(1));
            return isAnsweredHere(stage, client);
        });
    }

    @Test
    @DisplayName("rule 30, case 21: a change that is flushed and gives no reply drops what is held")
    void flushedChange() {
        holds(Rule.FLUSHED_CHANGE_DROPS_LEASE, stage -> {
            Stage.Client client = stage.attached();
            client.readFile(1, "f", FILE, "old");
            client.send(2, write());
            stage.one(Twrite.class).lose();
            return isAnsweredHere(stage, client);
        });
    }

    @Test
    @DisplayName("case 18: what has lapsed is good again after one round trip, all of it")
    void lapseIsNotLoss() {
        try (Stage stage = new Stage()) {
            Stage.Client client = stage.attached();
            client.readFile(1, "f", FILE, "same");
            client.send(1, getattr(1));
            stage.one(Tgetattr.class).grant(attributes(FILE, 4), 5);
            client.got(1, Rgetattr.class);
            stage.pass(Duration.ofMinutes(5));
            client.send(1, getattr(1));
            stage.one(Tgetattr.class).grant(attributes(FILE, 4), 5);
            client.got(1, Rgetattr.class);
            assertThat(client.here(read(1), Rread.class)).isEqualTo(data("same"));
        }
    }

    @Test
    @DisplayName("case 19: a break that comes before the first answer after a pause takes its file, and leaves the others")
    void breakAfterPause() {
        try (Stage stage = new Stage()) {
            Stage.Client client = stage.attached();
            client.readFile(1, "f", FILE, "old");
            client.readFile(2, "g", file(6), "other");
            stage.pass(Duration.ofMinutes(5));
            client.send(1, read(1));
            assertThat(stage.breaks(5, A | D)[0]).isTrue();
            stage.one(Tread.class).reply(data("new"));
            assertThat(client.got(1, Rread.class)).isEqualTo(data("new"));
            assertThat(client.here(read(2), Rread.class)).isEqualTo(data("other"));
            assertThat(isAnsweredHere(stage, client)).isFalse();
        }
    }

    @Test
    @DisplayName("case 8: of two own changes that overlap, neither leaves anything known")
    void overlappingChanges() {
        try (Stage stage = new Stage()) {
            Stage.Client client = stage.attached();
            client.readFile(1, "f", FILE, "old");
            client.send(2, write());
            client.send(3, write());
            stage.next(Twrite.class).reply(new Rwrite(1));
            assertThat(isAnsweredHere(stage, client)).isFalse();
        }
    }

    @Test
    @DisplayName("a local client that uses what is kept has the far side asked for a sign of life before the term is over")
    void termIsRenewedInTime() {
        try (Stage stage = new Stage()) {
            Stage.Client client = stage.attached();
            client.readFile(1, "f", FILE, "same");
            stage.pass(Stage.TERM.dividedBy(2).plusMillis(1));
            client.here(read(1), Rread.class);
            client.probed.run();
            stage.pass(Stage.TERM.minusMillis(10));
            assertThat(client.here(read(1), Rread.class)).isEqualTo(data("same"));
        }
    }

    @Test
    @DisplayName("a fid that is open here only is opened at the far side before a break of its attributes is answered")
    void openedBeforeAck() {
        try (Stage stage = new Stage()) {
            Stage.Client client = stage.attached();
            client.readFile(1, "f", FILE, "same");
            client.here(walk(0, 2, "f"), Rwalk.class);
            client.here(new Tlopen(2, 0), Rlopen.class);
            boolean[] answered = stage.breaks(5, A | D);
            assertThat(answered[0]).isFalse();
            stage.next(Twalk.class).reply(walked(FILE));
            assertThat(answered[0]).isFalse();
            stage.one(Tlopen.class)
                    .reply(new Rlopen(FILE, 0));
            assertThat(answered[0]).isTrue();
        }
    }

    @Test
    @DisplayName("a file that is made is no reason to make fids at the far side that were found by other names")
    void madeBesideOthers() {
        try (Stage stage = new Stage()) {
            Stage.Client client = stage.attached();
            client.walk(1, "f", FILE);
            client.here(walk(0, 2, "f"), Rwalk.class);
            client.here(walk(0, 3), Rwalk.class);
            client.send(3, new Tlcreate(3, Text.of("new"), 2, 0644, 0));
            stage.next(Twalk.class).reply(walked());
            stage.one(Tlcreate.class).grant(new Rlcreate(file(6), 0), Stage.ROOT.path());
            client.got(3, Rlcreate.class);
            assertThat(stage.breaks(1, N)[0]).as("a break by another, which waits for the fid").isFalse();
            stage.one(Twalk.class).reply(walked(FILE));
        }
    }

    @Test
    @DisplayName("a break of what was never granted is answered at once, however many come, and takes nothing along")
    void breaksOfNothing() {
        try (Stage stage = new Stage()) {
            Stage.Client client = stage.attached();
            client.readFile(1, "f", FILE, "same");
            for (int i = 0; i < 20_000; i++) {
                assertThat(stage.breaks(1_000 + i, A | N | D)[0]).isTrue();
            }
            assertThat(client.here(read(1), Rread.class)).isEqualTo(data("same"));
            stage.askedNothing();
        }
    }

    @Test
    @DisplayName("a far side that grants more than there is room for does not have more kept")
    void floodOfLeases() {
        try (Stage stage = new Stage()) {
            Stage.Client client = stage.attached();
            for (int i = 0; i < 20_000; i++) {
                client.walk(1, "f" + i, file(100 + i));
                client.send(3, new Tclunk(1));
                stage.one(Tclunk.class).reply(new Rclunk());
                client.got(3, Rclunk.class);
            }
            assertThat(stage.holder.status().bytes()).isLessThanOrEqualTo(stage.holder.status().mostBytes());
        }
    }

    @Test
    @DisplayName("what names the fid of a change that waits here waits behind it")
    void orderOfAFid() {
        try (Stage stage = new Stage()) {
            Stage.Client client = stage.attached();
            client.walk(1, "f", FILE);
            client.here(walk(0, 2, "f"), Rwalk.class);
            client.here(walk(0, 3), Rwalk.class);
            client.send(3, new Tunlinkat(3, Text.of("f"), 0));
            client.send(4, getattr(3));
            bothMade(stage);
            assertThat(stage.asked).extracting(asking -> asking.message.getClass().getSimpleName())
                    .containsExactly("Tunlinkat", "Tgetattr");
        }
    }

    @Test
    @DisplayName("a change that is flushed while it waits here is not sent")
    void flushedWhileItWaits() {
        try (Stage stage = new Stage()) {
            Stage.Client client = stage.attached();
            client.walk(1, "f", FILE);
            client.here(walk(0, 2, "f"), Rwalk.class);
            client.here(walk(0, 3), Rwalk.class);
            client.sendAndFlush(3, new Tunlinkat(3, Text.of("f"), 0));
            bothMade(stage);
            stage.askedNothing();
        }
    }

    @Test
    @DisplayName("a create through a fid at which others begin goes on as soon as it has a fid of its own")
    void sharedFid() {
        try (Stage stage = new Stage()) {
            Stage.Client client = stage.attached();
            client.here(walk(0, 1), Rwalk.class);
            client.send(3, new Tlcreate(0, Text.of("new"), 2, 0644, 0));
            stage.next(Twalk.class).reply(walked());
            while (stage.asked.stream().anyMatch(asking -> asking.message instanceof Twalk)) {
                stage.next(Twalk.class).reply(walked());
            }
            stage.one(Tlcreate.class).reply(new Rlcreate(FILE, 0));
            client.got(3, Rlcreate.class);
        }
    }
}
