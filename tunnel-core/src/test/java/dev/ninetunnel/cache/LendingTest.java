package dev.ninetunnel.cache;

import static dev.ninetunnel.cache.Stage.A;
import static dev.ninetunnel.cache.Stage.D;
import static dev.ninetunnel.cache.Stage.LEASE;
import static dev.ninetunnel.cache.Stage.N;
import static dev.ninetunnel.cache.Stage.attributes;
import static dev.ninetunnel.cache.Stage.file;
import static dev.ninetunnel.cache.Stage.getattr;
import static dev.ninetunnel.cache.Stage.walk;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.testing.Allocated;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rattach;
import dev.ninetunnel.wire.message.Rclunk;
import dev.ninetunnel.wire.message.Rgetattr;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Rwalk;
import dev.ninetunnel.wire.message.Rwrite;
import dev.ninetunnel.wire.message.Tattach;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tgetattr;
import dev.ninetunnel.wire.message.Twalk;
import dev.ninetunnel.wire.message.Twrite;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.function.Predicate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What local clients are granted of what is held, as a mount is, which hands it on to its kernel. */
class LendingTest {
    private static final Qid FILE = file(5);
    private static final int LENT_AT_MOST = 8192;

    private static void holds(Rule rule, Predicate<Stage> isWrong) {
        try (Stage stage = new Stage()) {
            assertThat(isWrong.test(stage)).as("wrong with all rules").isFalse();
        }
        try (Stage stage = new Stage(rule)) {
            assertThat(isWrong.test(stage)).as("wrong without " + rule).isTrue();
        }
    }

    /** A client that has a file as fid 1, with what it is granted when it has looked at it. */
    private static Stage.Client looking(Stage stage) {
        return looking(stage, stage.attached());
    }

    private static Stage.Client looking(Stage stage, Stage.Client client) {
        client.walk(1, "f", FILE);
        client.wants = A | N | D;
        look(stage, client);
        return client;
    }

    private static void look(Stage stage, Stage.Client client) {
        client.send(2, getattr(1));
        stage.one(Tgetattr.class).reply(attributes(FILE, 3), A, LEASE + FILE.path());
        client.got(2, Rgetattr.class);
    }

    /** Another client, which has the file as fid 1, through an attach of its own. */
    private static Stage.Client other(Stage stage) {
        Stage.Client client = stage.attached(2 * LEASE);
        client.send(1, walk(0, 1, "f"));
        stage.one(Twalk.class).reply(Stage.walked(FILE), A, 2 * LEASE + FILE.path());
        client.got(1, Rwalk.class);
        return client;
    }

    private static Twrite write() {
        return new Twrite(1, 0, Unpooled.copiedBuffer(new byte[]{1}));
    }

    @Test
    @DisplayName("a client gets what is held of what it wants, under one number, from the far side or from here")
    void granted() {
        try (Stage stage = new Stage()) {
            Stage.Client client = looking(stage);
            assertThat(client.granted.values()).containsExactly(A);
            client.granted.clear();
            client.here(getattr(1), Rgetattr.class);
            assertThat(client.granted.values()).containsExactly(A);
            client.open(1, FILE);
            client.read(1, FILE, "old");
            assertThat(client.granted.values()).as("one lease").containsExactly(A | D);
            client.granted.clear();
            client.here(Stage.read(1), Rread.class);
            assertThat(client.granted.values()).containsExactly(A | D);
        }
    }

    @Test
    @DisplayName("that a name is absent brings the names of the directory")
    void absent() {
        try (Stage stage = new Stage()) {
            Stage.Client client = stage.attached();
            client.wants = N;
            client.send(1, walk(0, 1, "none"));
            stage.one(Twalk.class).reply(new Rlerror(Errno.ENOENT.number()), N, LEASE + Stage.ROOT.path());
            client.got(1, Rlerror.class);
            assertThat(client.granted.values()).containsExactly(N);
            client.granted.clear();
            client.here(walk(0, 1, "none"), Rlerror.class);
            assertThat(client.granted.values()).containsExactly(N);
        }
    }

    @Test
    @DisplayName("who wants nothing is granted nothing, and is not asked for anything")
    void unwanted() {
        try (Stage stage = new Stage()) {
            Stage.Client client = stage.attached();
            client.walk(1, "f", FILE);
            look(stage, client);
            assertThat(client.granted).isEmpty();
            assertThat(stage.breaks(5, A)[0]).isTrue();
        }
    }

    @Test
    @DisplayName("rule 31: a break is answered when every client has given up what it was granted of that, or has left")
    void kernelToldBeforeAck() {
        holds(Rule.KERNEL_TOLD_BEFORE_ACK, stage -> {
            Stage.Client client = looking(stage);
            boolean[] answered = stage.breaks(5, A);
            assertThat(client.recalled).hasSize(1);
            boolean early = answered[0];
            client.giveUp();
            assertThat(answered[0]).isTrue();
            assertThat(client.granted).isEmpty();
            return early;
        });
        try (Stage stage = new Stage()) {
            Stage.Client client = looking(stage);
            boolean[] answered = stage.breaks(5, A);
            client.leave();
            assertThat(answered[0]).isTrue();
        }
    }

    @Test
    @DisplayName("rules 7 and 22: between a break and its answer nothing is granted, and afterwards under another number")
    void nothingWhileBroken() {
        try (Stage stage = new Stage()) {
            Stage.Client client = looking(stage);
            stage.breaks(5, A);
            long before = client.granted.keySet().iterator().next();
            client.granted.clear();
            look(stage, client);
            assertThat(client.granted).isEmpty();
            client.granted.put(before, A);
            client.giveUp();
            look(stage, client);
            assertThat(client.granted).hasSize(1).doesNotContainKey(before);
        }
    }

    @Test
    @DisplayName("rule 33, case 24: a change by one client is sent when the others have given up what they were granted of that")
    void kernelToldOfOwnChange() {
        holds(Rule.KERNEL_TOLD_OF_OWN_CHANGE, stage -> {
            Stage.Client mount = looking(stage);
            Stage.Client changer = other(stage);
            changer.send(3, write());
            assertThat(mount.recalled).hasSize(1);
            boolean early = stage.asked.stream().anyMatch(asked -> asked.message instanceof Twrite);
            mount.giveUp();
            stage.one(Twrite.class).reply(new Rwrite(1));
            changer.got(3, Rwrite.class);
            return early;
        });
    }

    @Test
    @DisplayName("rule 33 for a client of plain 9P2000, of whose changes nobody knows what they touch")
    void kernelToldOfAnyChange() {
        try (Stage stage = new Stage()) {
            Stage.Client mount = looking(stage);
            Stage.Client changer = stage.plain();
            changer.send(3, write());
            assertThat(stage.asked).isEmpty();
            mount.giveUp();
            stage.one(Twrite.class).reply(new Rwrite(1));
            changer.got(3, Rwrite.class);
        }
    }

    @Test
    @DisplayName("rule 34: who changes is not asked for what it was granted, and hears of changes by others as before")
    void changerIsNotAsked() {
        try (Stage stage = new Stage()) {
            Stage.Client mount = looking(stage);
            mount.send(3, write());
            assertThat(mount.recalled).isEmpty();
            mount.granted.clear();
            mount.send(4, getattr(1));
            stage.next(Tgetattr.class).reply(attributes(FILE, 3), A, LEASE + FILE.path());
            mount.got(4, Rgetattr.class);
            assertThat(mount.granted).as("while its change is under way").isEmpty();
            stage.one(Twrite.class).reply(new Rwrite(1));
            mount.got(3, Rwrite.class);
            mount.granted.put(1L, A);
            boolean[] answered = stage.breaks(5, A);
            assertThat(answered[0]).as("though nothing is known here any more").isFalse();
            mount.giveUp();
            assertThat(answered[0]).isTrue();
        }
    }

    @Test
    @DisplayName("what is forgotten for space is asked back all the same when the far side breaks it")
    void forgottenForSpace() {
        try (Stage stage = new Stage(4096)) {
            Stage.Client client = looking(stage);
            for (int i = 10; i < 40; i++) {
                client.send(1, walk(0, i, "f" + i));
                client.listsNothing();
                stage.next(Twalk.class).reply(Stage.walked(file(i)), A, LEASE + i);
                stage.one(Tgetattr.class).reply(attributes(file(i), 3), A, LEASE + i);
                client.got(1, Rwalk.class);
            }
            boolean[] answered = stage.breaks(5, A);
            assertThat(answered[0]).isFalse();
            client.giveUp();
            assertThat(answered[0]).isTrue();
        }
    }

    @Test
    @DisplayName("rule 35: what is granted is good for three quarters of the term from the question, or it is not granted")
    void noLongerThanTheTerm() {
        try (Stage stage = new Stage()) {
            Stage.Client client = looking(stage);
            client.granted.clear();
            assertThat(stage.holder.localTerm()).isEqualTo(Duration.ofMillis(7500));
            stage.pass(Duration.ofMillis(2501));
            client.here(getattr(1), Rgetattr.class);
            assertThat(client.granted).isEmpty();
            client.probed.run();
            client.here(getattr(1), Rgetattr.class);
            assertThat(client.granted).hasSize(1);
        }
    }

    /** A client that is told of no names, and so asks for each. */
    private static Stage.Client walker(Stage stage) {
        Stage.Client client = stage.new Client();
        client.send(0, new Tattach(0, Frame.NOFID, Text.EMPTY, Text.EMPTY, OptionalInt.of(1000)));
        stage.one(Tattach.class).reply(new Rattach(Stage.ROOT), 0, 0);
        client.got(0, Rattach.class);
        client.wants = A;
        return client;
    }

    /** It is granted another lease. */
    private static void lend(Stage stage, Stage.Client client, int number) {
        client.send(1, walk(0, 1, "f"));
        stage.one(Twalk.class).reply(Stage.walked(file(number + 10)), A, LEASE + number);
        client.got(1, Rwalk.class);
        client.send(1, new Tclunk(1));
        client.got(1, Rclunk.class);
        stage.one(Tclunk.class).reply(new Rclunk());
    }

    @Test
    @DisplayName("a client that has all that it may have is asked for the oldest")
    void bounded() {
        try (Stage stage = new Stage(1 << 26)) {
            Stage.Client client = walker(stage);
            for (int i = 0; i <= LENT_AT_MOST; i++) {
                assertThat(client.recalled).isEmpty();
                lend(stage, client, i);
            }
            assertThat(client.granted).hasSize(LENT_AT_MOST);
            assertThat(client.recalled.keySet()).containsExactly(1L);
        }
    }

    @Test
    @DisplayName("what each of many leases costs that a client gives up does not depend on how many were asked back")
    void manyAtOnce() {
        long few = bytesToGiveUp(LENT_AT_MOST / 8);
        long many = bytesToGiveUp(LENT_AT_MOST);
        assertThat(many).as("where an eighth takes %s", few).isLessThan(16 * few);
    }

    /** What is allocated when a client gives up so many, all of which the far side has asked back. */
    private static long bytesToGiveUp(int count) {
        try (Stage stage = new Stage(1 << 26)) {
            Stage.Client client = walker(stage);
            for (int i = 0; i < count; i++) {
                lend(stage, client, i);
            }
            int[] answered = new int[1];
            for (int i = 0; i < count; i++) {
                stage.holder.broken(LEASE + i, A, () -> answered[0]++);
            }
            assertThat(answered[0]).isZero();
            long bytes = Allocated.bytes(client::giveUp);
            assertThat(answered[0]).isEqualTo(count);
            return bytes;
        }
    }
}
