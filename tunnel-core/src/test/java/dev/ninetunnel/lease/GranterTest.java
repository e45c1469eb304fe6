package dev.ninetunnel.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ninetunnel.lease.Bench.Claim;
import dev.ninetunnel.lease.Bench.Late;
import dev.ninetunnel.lease.Bench.Reading;
import dev.ninetunnel.lease.Bench.TestHolder;
import dev.ninetunnel.lease.Bench.Writing;
import dev.ninetunnel.fs.ChangeWatch;
import dev.ninetunnel.fs.FileId;
import dev.ninetunnel.fs.linux.InotifyWatch;
import dev.ninetunnel.testing.ManualLoop;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.LeaseKinds;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The granting side of leases, case by case. What is tried for a rule is tried without it as well, and must be seen then. */
@EnabledOnOs(OS.LINUX)
class GranterTest {
    private static final Duration JUST_THE_TERM = Bench.TERM;
    private static final Duration LONGER = Bench.TERM.plusMillis(200);
    private static final int MANY = 1000;
    private static final Set<Rule> ALL = EnumSet.allOf(Rule.class);

    @TempDir
    Path folder;

    @BeforeEach
    void files() throws IOException {
        try (Bench bench = new Bench(folder, ALL)) {
            bench.write("f", "old");
            bench.write("g", "other");
        }
    }

    /** What goes wrong in a case that a rule is for; null if nothing. */
    private static String wrong(Rule rule, Bench bench) throws IOException {
        return switch (rule) {
            case WAIT_FOR_ACKS, BREAK_BEFORE_CHANGE -> changeOfWhatIsCached(bench);
            case NO_GRANT_DURING_CHANGE -> readWhileAChangeWaits(bench);
            case REGISTER_BEFORE_READ -> changeBetweenReadAndReply(bench);
            case GRANTER_TERM_LONGER -> silentHolderWithASlowClock(bench);
            case SEEN_MEANS_NOTICED -> outsiderNobodyTellsOf(bench);
            case EVENTS_BEFORE_REPLY -> outsiderWritesDataThenAFlag(bench);
            case BREAK_NEVER_WITHDRAWN -> silentHolderComesBack(bench);
            case ENDED_SESSION_WAITS -> sessionEndsUnheard(bench);
            case RESTART_WAITS -> startedAgain(bench);
            case BREAK_WITHDRAWS_GRANT -> recallOvertakesReply(bench);
            case REGISTER_W_BEFORE_CHANGE -> changeBetweenLookAndReply(bench);
            case READ_RECALLS_W -> readOfWhatIsBehind(bench);
            case LATE_WRITE_REFUSED -> writeAfterItsTerm(bench);
            case BEGUN_WRITE_ENDS_FIRST -> writeThatTakesLongerThanItsTerm(bench);
            case OWN_EVENTS_TOLD_APART -> outsiderBesideAWriteBehind(bench);
        };
    }

    /** Case 1: H1 has f, and hears of its recall late; c of H2 changes f. */
    private static String changeOfWhatIsCached(Bench bench) {
        TestHolder h1 = bench.holder("h1").deaf();
        h1.read("f");
        Writing change = bench.holder("h2").write("f", "new");
        String fault = change.done && "old".equals(h1.cached("f")) ? "carried out while H1 answers old" : null;
        h1.hear();
        return fault != null || change.done ? fault : "not carried out when all have given up";
    }

    /** Case 3: c's change waits for H1; b of another endpoint reads f. */
    private static String readWhileAChangeWaits(Bench bench) {
        TestHolder h1 = bench.holder("h1").deaf();
        h1.read("f");
        Writing change = bench.holder("h2").write("f", "new");
        TestHolder h3 = bench.holder("h3");
        if (!h3.read("f").equals("old")) {
            return "a read was held up, or saw what is not carried out";
        }
        h1.hear();
        return change.done && h3.cached("f") == null ? null : "the change waits for a lease that nobody asks back";
    }

    /** Case 2: a worker has read f for a; c changes f and is told; then a's reply leaves. */
    private static String changeBetweenReadAndReply(Bench bench) {
        TestHolder h1 = bench.holder("h1");
        Reading slow = h1.begin("f").work();
        Writing change = bench.holder("h2").write("f", "new");
        slow.reply();
        return change.done && h1.cached("f") == null ? null : "old is kept though the changer has been told";
    }

    /** Case 16: the recall does not arrive, and H1's clock is slower, by what is allowed. */
    private static String silentHolderWithASlowClock(Bench bench) {
        TestHolder h1 = bench.holder("h1").deaf();
        h1.read("f");
        Writing change = bench.holder("h2").write("f", "new");
        bench.pass(JUST_THE_TERM);
        if (change.done && "old".equals(h1.cached("f"))) {
            return "carried out while H1 may answer old";
        }
        bench.pass(LONGER.minus(JUST_THE_TERM));
        return change.done ? null : "not carried out when the term is over";
    }

    /** Case 23: nobody tells of x's change, such as through a mapping; another's read shows it. */
    private static String outsiderNobodyTellsOf(Bench bench) throws IOException {
        TestHolder h1 = bench.holder("h1");
        h1.read("f");
        bench.write("f", "newer");
        bench.watch.drain((file, number) -> {}, () -> {});
        String seen = bench.holder("h2").read("f");
        return seen.equals("newer") && h1.cached("f") == null ? null : "new was shown, and H1 answers old";
    }

    /** Case 22: x writes data, then makes a flag; a sees the flag. */
    private static String outsiderWritesDataThenAFlag(Bench bench) throws IOException {
        TestHolder h1 = bench.holder("h1");
        h1.read("f");
        bench.write("f", "newer");
        bench.write("flag", "up");
        h1.read("flag");
        return h1.cached("f") == null ? null : "the flag is seen, and then old data";
    }

    /** Case 28: H1 has not answered a recall within the term, and asks on. */
    private static String silentHolderComesBack(Bench bench) {
        TestHolder h1 = bench.holder("h1").deaf();
        h1.read("f");
        Writing change = bench.holder("h2").write("f", "new");
        bench.pass(LONGER);
        h1.read("g");
        if (!change.done || h1.cached("g") != null) {
            return "it gets another lease, and has not given up the first";
        }
        h1.hear();
        h1.read("g");
        return "other".equals(h1.cached("g")) ? null : "it gets none when it has given up";
    }

    /** Case 20: the granter ends H1's session, of which H1 does not hear. */
    private static String sessionEndsUnheard(Bench bench) {
        TestHolder h1 = bench.holder("h1");
        h1.read("f");
        bench.granter.leave(h1.holder);
        Writing change = bench.holder("h2").write("f", "new");
        if (change.done && "old".equals(h1.cached("f"))) {
            return "carried out while H1 answers old";
        }
        bench.holder("h1");
        return change.done ? null : "not carried out though H1 has begun anew";
    }

    /** Case 4, on this side: a recall leaves before the reply with the lease. */
    private static String recallOvertakesReply(Bench bench) {
        TestHolder h1 = bench.holder("h1").deaf();
        Reading slow = h1.begin("f").work();
        bench.holder("h2").write("f", "new");
        slow.reply();
        return h1.cached("f") == null ? null : "a lease comes that was asked back before";
    }

    /** A granter was killed that had granted H1 and H4 leases. */
    private static String startedAgain(Bench bench) throws IOException {
        bench.killedBefore("h1", "h4");
        Writing change = bench.holder("h2").write("f", "new");
        if (change.done) {
            return "carried out while H1 and H4 may answer old";
        }
        TestHolder h3 = bench.holder("h3");
        if (!h3.read("f").equals("old") || h3.cached("f") != null) {
            return "a read was held up, or leased while a change waits";
        }
        bench.holder("h1");
        if (change.done) {
            return "carried out while H4 may answer old";
        }
        bench.holder("h4");
        return change.done ? null : "not carried out though both have begun anew";
    }

    /** Rule 5: a worker has looked at f for H1, which wants it for itself alone; c changes f and is told; then H1's reply leaves. */
    private static String changeBetweenLookAndReply(Bench bench) {
        TestHolder h1 = bench.holder("h1");
        Claim slow = h1.claimReading("f");
        Writing change = bench.holder("h2").write("f", "new");
        slow.reply();
        return change.done && h1.cached("f") == null ? null : "old is kept though the changer has been told";
    }

    /** Case 12: a writes behind; c reads. */
    private static String readOfWhatIsBehind(Bench bench) {
        TestHolder h1 = bench.holder("h1");
        if (!h1.claim("f", "mine").reply()) {
            return "H1 does not get f for itself alone";
        }
        h1.tell("f", "newer");
        String seen = bench.holder("h2").readPlainly("f").content;
        return "newer".equals(seen) && h1.cached("f") == null ? null : "what was told as written is not read: " + seen;
    }

    /** Case 13: a writes behind, and does not come through for a term; c changes f; then what a has written comes. */
    private static String writeAfterItsTerm(Bench bench) {
        TestHolder h1 = bench.holder("h1").deaf();
        h1.claim("f", "mine").reply();
        h1.tell("f", "newer");
        Writing change = bench.holder("h2").write("f", "theirs");
        if (change.done) {
            return "carried out while H1 may answer its own";
        }
        bench.pass(LONGER);
        Late late = h1.send("f");
        if (!late.isRefused()) {
            late.work().reply();
        }
        return change.done && bench.onDisk("f").equals("theirs") ? null : "it lands on what was changed since";
    }

    /** The same, but that it has come, and its worker takes longer than the term. */
    private static String writeThatTakesLongerThanItsTerm(Bench bench) {
        TestHolder h1 = bench.holder("h1").deaf();
        h1.claim("f", "mine").reply();
        h1.tell("f", "newer");
        Late late = h1.send("f");
        Writing change = bench.holder("h2").write("f", "theirs");
        bench.pass(LONGER);
        late.work().reply();
        return change.done && bench.onDisk("f").equals("theirs") ? null : "it lands on what was changed since";
    }

    /** x writes f while a write behind of a's is under way. */
    private static String outsiderBesideAWriteBehind(Bench bench) throws IOException {
        TestHolder h1 = bench.holder("h1");
        h1.claim("f", "mine").reply();
        h1.tell("f", "newer");
        Late late = h1.send("f").work();
        if (h1.cached("f") == null) {
            return "a write of its own is taken for another's";
        }
        bench.write("f", "their");
        bench.granter.hear();
        late.reply();
        return h1.cached("f") == null ? null : "another's write is taken for its own";
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a rule holds, and where it is left out that is seen:")
    void rules(Rule rule) throws IOException {
        try (Bench bench = new Bench(folder, ALL)) {
            assertThat(wrong(rule, bench)).as("with all rules").isNull();
        }
        files();
        try (Bench bench = new Bench(folder, EnumSet.complementOf(EnumSet.of(rule)))) {
            assertThat(wrong(rule, bench)).as("without %s", rule).isNotNull();
        }
    }

    /** What goes wrong where all rules are kept; null if nothing. */
    interface Story {
        String wrong(Bench bench) throws IOException;
    }

    private static Stream<Arguments> cases() {
        return Stream.of(
                story("case 1: H1 hears late that f is asked back, and c changes it",
                        GranterTest::changeOfWhatIsCached),
                story("case 2: f is read for a, changed by c, and then a's reply leaves",
                        GranterTest::changeBetweenReadAndReply),
                story("case 3: another endpoint reads f while c's change of it waits",
                        GranterTest::readWhileAChangeWaits),
                story("case 4: f is asked back before the reply leaves that brings it",
                        GranterTest::recallOvertakesReply),
                story("case 12: c reads what a writes behind", GranterTest::readOfWhatIsBehind),
                story("case 13: what a writes behind comes after its term, and c has changed f",
                        GranterTest::writeAfterItsTerm),
                story("case 16: H1 hears nothing, and its clock is slower", GranterTest::silentHolderWithASlowClock),
                story("case 20: G ends H1's session, and H1 does not hear of it", GranterTest::sessionEndsUnheard),
                story("case 22: x writes data and then a flag, which a sees", GranterTest::outsiderWritesDataThenAFlag),
                story("case 23: nobody tells of x's change of f, and an answer shows it",
                        GranterTest::outsiderNobodyTellsOf),
                story("case 28: H1 does not answer within its term, and asks on", GranterTest::silentHolderComesBack));
    }

    private static Arguments story(String name, Story story) {
        return Arguments.of(name, story);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    @DisplayName("the model's cases, at the granter:")
    void cases(String name, Story story) throws IOException {
        try (Bench bench = new Bench(folder, ALL)) {
            assertThat(story.wrong(bench)).as(name).isNull();
        }
    }

    @Test
    @DisplayName("case 20: when the term of an ended session is over, nothing waits for it")
    void endedSessionRunsOut() throws IOException {
        try (Bench bench = new Bench(folder, ALL)) {
            TestHolder h1 = bench.holder("h1");
            h1.read("f");
            bench.granter.leave(h1.holder);
            Writing change = bench.holder("h2").write("f", "new");
            bench.pass(LONGER);
            assertThat(change.done).isTrue();
            assertThat(bench.granter.leases()).isZero();
            bench.pass(LONGER);
            assertThat(bench.granter.isIdle()).isTrue();
        }
    }

    @Test
    @DisplayName("leases of a granter that was killed are waited for once, for a term")
    void startedAgainAlone() throws IOException {
        try (Bench bench = new Bench(folder, ALL)) {
            bench.killedBefore("h1");
            Writing change = bench.holder("h2").write("f", "new");
            bench.pass(JUST_THE_TERM);
            assertThat(change.done).isFalse();
            bench.pass(LONGER.minus(JUST_THE_TERM));
            assertThat(change.done).isTrue();
            assertThat(bench.holder("h2").write("g", "new").done).isTrue();
            assertThat(bench.granter.isIdle()).isTrue();
        }
        try (Bench bench = new Bench(folder, ALL)) {
            bench.killedBefore();
            assertThat(bench.granter.isIdle()).isTrue();
        }
    }

    @Test
    @DisplayName("who leaves takes all leases back, grants none meanwhile, and knows who has not given up")
    void leaves() throws IOException {
        try (Bench bench = new Bench(folder, ALL)) {
            TestHolder h1 = bench.holder("h1").deaf();
            TestHolder h2 = bench.holder("h2");
            h1.read("f");
            h2.read("g");
            CompletableFuture<Void> back = bench.granter.takeAllBack();
            assertThat(h2.cached("g")).isNull();
            h2.read("g");
            assertThat(h2.cached("g")).isNull();
            assertThat(bench.granter.holding()).containsExactly("h1");
            assertThat(back).isNotDone();
            h1.hear();
            assertThat(back).isDone();
            assertThat(bench.granter.holding()).isEmpty();
        }
    }

    @Test
    @DisplayName("who leaves waits for nobody whose session has ended, before or meanwhile, but knows who may use a lease still")
    void leavesBehindOthers() throws IOException {
        try (Bench bench = new Bench(folder, ALL)) {
            TestHolder h1 = bench.holder("h1");
            TestHolder h2 = bench.holder("h2").deaf();
            h1.read("f");
            h2.read("g");
            bench.granter.leave(h1.holder);
            CompletableFuture<Void> back = bench.granter.takeAllBack();
            assertThat(back).isNotDone();
            bench.granter.leave(h2.holder);
            assertThat(back).isDone();
            assertThat(bench.granter.holding()).containsExactlyInAnyOrder("h1", "h2");
        }
    }

    @Test
    @DisplayName("case 29: who changes rights is told itself, for its other attaches; other changes are its own business")
    void rights() throws IOException {
        try (Bench bench = new Bench(folder, ALL)) {
            TestHolder h1 = bench.holder("h1");
            h1.begin("f", "another attach").work().reply();
            assertThat(h1.write("f", "mine").done).isTrue();
            assertThat(h1.cached("f")).as("a holder keeps to its own rules here").isEqualTo("old");
            h1.changeRights("f");
            assertThat(h1.cached("f")).isNull();
        }
    }

    @Test
    @DisplayName("case 26: a change of two files waits for both, holding nothing, and changes of one file begin in their order")
    void twoFiles() throws IOException {
        try (Bench bench = new Bench(folder, ALL)) {
            TestHolder h1 = bench.holder("h1").deaf();
            TestHolder h2 = bench.holder("h2").deaf();
            h1.read("f");
            h2.read("g");
            TestHolder h3 = bench.holder("h3");
            Writing both = h3.write("f", "new", "g");
            Writing later = h3.write("g", "last");
            h1.hear();
            assertThat(both.done).isFalse();
            assertThat(later.done).isFalse();
            h2.hear();
            assertThat(both.done).isTrue();
            assertThat(later.done).isTrue();
        }
    }

    @Test
    @DisplayName("what a program of the host changes is recalled; what is changed for a session is that session's own event")
    void outsiders() throws IOException {
        try (Bench bench = new Bench(folder, ALL)) {
            TestHolder h1 = bench.holder("h1");
            h1.read("f");
            h1.read("");
            h1.write("f", "mine");
            assertThat(h1.cached("f")).isEqualTo("old");
            bench.write("f", "theirs");
            bench.granter.hearNow();
            assertThat(bench.files(h1)).as("data in a directory are not its names").containsExactly("");
            bench.write("another", "");
            bench.granter.hearNow();
            assertThat(bench.files(h1)).isEmpty();
            assertThat(bench.granter.isIdle()).isTrue();
        }
    }

    @Test
    @DisplayName("what another process writes at the very moment of a write behind is recalled, where the system tells who has written")
    void outsidersAtTheMoment() throws IOException {
        assumeTrue(InotifyWatch.tellsOthers(), "SKIPPED: no fanotify for this user here");
        try (Bench bench = new Bench(folder, ALL)) {
            TestHolder h1 = bench.holder("h1");
            h1.claim("f", "mine").reply();
            for (int i = 0; i < 20; i++) {
                h1.tell("f", "newer");
                h1.send("f").work().reply();
            }
            assertThat(h1.cached("f")).isEqualTo("newer");
            h1.tell("f", "newer");
            h1.send("f").work(() -> bench.writeByAnother("f", "their")).reply();
            assertThat(h1.cached("f")).isNull();
        }
    }

    @Test
    @DisplayName("a look at what is leased finds what was written through a mapping")
    void looks() throws IOException {
        try (Bench bench = new Bench(folder, ALL)) {
            TestHolder h1 = bench.holder("h1");
            h1.read("f");
            bench.granter.watched().look();
            bench.pass(Duration.ZERO);
            assertThat(h1.cached("f")).isEqualTo("old");
            bench.write("f", "newer");
            bench.watch.drain((file, number) -> {}, () -> {});
            bench.granter.watched().look();
            bench.pass(Duration.ZERO);
            assertThat(h1.cached("f")).isNull();
        }
    }

    @Test
    @DisplayName("a file that has no name any more is not kept, so that its disk has room again, whoever has removed it")
    void removed() throws IOException {
        try (Bench bench = new Bench(folder, ALL)) {
            TestHolder h1 = bench.holder("h1");
            h1.read("f");
            bench.write("g", "another");
            h1.read("g");
            java.nio.file.Files.delete(folder.resolve("f"));
            bench.watch.drain((file, number) -> {}, () -> {});
            assertThat(bench.open("f (deleted)")).isPositive();
            bench.granter.watched().look();
            bench.pass(Duration.ZERO);
            assertThat(bench.open("f (deleted)")).isZero();
            assertThat(bench.files(h1)).containsExactly("g");
        }
    }

    @Test
    @DisplayName("at its end an endpoint keeps no file, though leases are out")
    void closed() throws IOException {
        try (Bench bench = new Bench(folder, ALL)) {
            bench.holder("h1").read("f");
            assertThat(bench.open("f")).isPositive();
            bench.granter.close();
            assertThat(bench.open("f")).isZero();
        }
    }

    private static String[] write(Bench bench, int files) throws IOException {
        String[] names = new String[files];
        for (int i = 0; i < files; i++) {
            names[i] = "f" + i;
            bench.write(names[i], "content");
        }
        return names;
    }

    @Test
    @DisplayName("where an eighth of the room is left, the oldest are asked back, and where none is left, nothing is leased")
    void full() throws IOException {
        try (Bench bench = new Bench(folder, ALL, 100, 16)) {
            String[] names = write(bench, 17);
            TestHolder h1 = bench.holder("h1").deaf();
            for (String name : names) {
                h1.read(name);
            }
            assertThat(h1.unheard).as("asked back").hasSize(2);
            assertThat(bench.files(h1)).containsExactlyInAnyOrder(Arrays.copyOf(names, 16));
            h1.hear();
            assertThat(bench.files(h1)).containsExactlyInAnyOrder(Arrays.copyOfRange(names, 2, 16));
            h1.read("f16");
            assertThat(bench.files(h1)).containsExactlyInAnyOrder(Arrays.copyOfRange(names, 3, 17));
            h1.read("f3");
            h1.read("f0");
            assertThat(bench.files(h1)).as("what was asked for again is not old").contains("f3").doesNotContain("f4");
        }
    }

    @Test
    @DisplayName("who goes round through more files than it may have leases for keeps half of them, and all of a few others later")
    void round() throws IOException {
        try (Bench bench = new Bench(folder, ALL, 200, 64)) {
            List<String> names = List.of(write(bench, 120));
            TestHolder h1 = bench.holder("h1");
            for (int i = 0; i < 2; i++) {
                readWhatIsNotKnown(bench, h1, names.subList(0, 80));
            }
            assertThat(readWhatIsNotKnown(bench, h1, names.subList(0, 80))).isLessThanOrEqualTo(42);
            readWhatIsNotKnown(bench, h1, names.subList(80, 120));
            assertThat(readWhatIsNotKnown(bench, h1, names.subList(80, 120))).isZero();
        }
    }

    private static int readWhatIsNotKnown(Bench bench, TestHolder holder, List<String> names) {
        int count = 0;
        for (String name : names) {
            if (!bench.files(holder).contains(name)) {
                holder.read(name);
                count++;
            }
        }
        return count;
    }

    @Test
    @DisplayName("a directory is asked back to make room only when there is no file to be asked back")
    void directoriesLast() throws IOException {
        try (Bench bench = new Bench(folder, ALL, 100, 16)) {
            String[] names = write(bench, 20);
            TestHolder h1 = bench.holder("h1");
            h1.read("");
            for (String name : names) {
                h1.read(name);
            }
            assertThat(bench.files(h1)).contains("", "f19").doesNotContain("f0");
        }
    }

    @Test
    @DisplayName("many files that are read at once wait until older leases are given up, for a term at most")
    void room() throws IOException {
        try (Bench bench = new Bench(folder, ALL, 100, 16)) {
            String[] names = write(bench, 18);
            TestHolder h1 = bench.holder("h1").deaf();
            for (String name : Arrays.copyOf(names, 12)) {
                h1.read(name);
            }
            List<String> went = new ArrayList<>();
            bench.awaitRoom(h1, () -> went.add("had already"), "f0", "f1", "f2", "f3", "f4");
            assertThat(went).containsExactly("had already");
            bench.awaitRoom(h1, () -> went.add("six more"), Arrays.copyOfRange(names, 12, 18));
            bench.awaitRoom(h1, () -> went.add("called off"), "f12").run();
            assertThat(went).doesNotContain("six more");
            h1.hear();
            assertThat(went).containsExactly("had already", "six more");
            assertThat(bench.files(h1)).as("no more than were needed").contains("f3").doesNotContain("f0", "f1");

            for (String name : Arrays.copyOfRange(names, 12, 16)) {
                h1.read(name);
            }
            h1.deaf();
            bench.awaitRoom(h1, () -> went.add("late"), "f0", "f1", "f16", "f17");
            assertThat(went).doesNotContain("late");
            bench.pass(Bench.TERM.plusSeconds(1));
            assertThat(went).contains("late").doesNotContain("called off");
        }
    }

    @Test
    @DisplayName("one alone has all the room; who comes later has as much, and who has least gives nothing up")
    void fullOfAll() throws IOException {
        try (Bench bench = new Bench(folder, ALL, 32, 32)) {
            String[] names = write(bench, 28);
            TestHolder h1 = bench.holder("h1");
            TestHolder h2 = bench.holder("h2");
            for (String name : names) {
                h1.read(name);
            }
            assertThat(bench.files(h1)).containsExactlyInAnyOrder(names);
            TestHolder h3 = bench.holder("h3");
            h3.read("f0");
            for (String name : names) {
                h2.read(name);
            }
            assertThat(bench.files(h1)).hasSizeBetween(13, 14);
            assertThat(bench.files(h2)).hasSizeBetween(13, 14).contains("f27");
            assertThat(bench.files(h3)).containsExactly("f0");
        }
    }

    @Test
    @DisplayName("case 28: what was taken of a holder that never answers takes no room, and it gets nothing until it has")
    void roomOfTheSilent() throws IOException {
        try (Bench bench = new Bench(folder, ALL, 16, 16)) {
            String[] names = write(bench, 14);
            TestHolder silent = bench.holder("h1").deaf();
            for (String name : names) {
                silent.read(name);
            }
            TestHolder h2 = bench.holder("h2");
            h2.read("f0");
            List<String> went = new ArrayList<>();
            bench.awaitRoom(h2, () -> went.add("four"), "f1", "f2", "f3", "f4");
            assertThat(went).isEmpty();
            bench.pass(Bench.TERM.plusSeconds(1));
            bench.awaitRoom(h2, () -> went.add("eight"), Arrays.copyOfRange(names, 1, 9));
            assertThat(went).as("a term is waited for once").containsExactly("four", "eight");
            bench.pass(Bench.TERM.plusSeconds(1));
            for (String name : names) {
                h2.read(name);
            }
            assertThat(bench.files(h2)).containsExactlyInAnyOrder(names);
            Set<Long> had = Set.copyOf(silent.fileOf.keySet());
            silent.read("f1");
            assertThat(silent.fileOf.keySet()).isEqualTo(had);
            silent.hear();
            silent.read("f1");
            assertThat(bench.files(silent)).containsExactly("f1");
        }
    }

    @Test
    @DisplayName("the number of a lease is that of its file and attach, and never comes again")
    void numbers() throws IOException {
        try (Bench bench = new Bench(folder, ALL)) {
            TestHolder h1 = bench.holder("h1");
            h1.read("f");
            h1.read("f");
            h1.read("g");
            assertThat(h1.fileOf.keySet()).containsExactlyInAnyOrder(1L, 2L);
            bench.holder("h2").write("f", "new");
            h1.read("f");
            assertThat(h1.fileOf.keySet()).containsExactlyInAnyOrder(2L, 3L);
        }
    }

    @Test
    @DisplayName("a right that ends takes all leases along, and those that are under way")
    void withdrawn() throws IOException {
        try (Bench bench = new Bench(folder, ALL)) {
            TestHolder h1 = bench.holder("h1");
            h1.read("f");
            Reading under = h1.begin("g").work();
            bench.granter.withdraw(h1.holder);
            under.reply();
            assertThat(bench.files(h1)).isEmpty();
            assertThat(bench.granter.leases()).isZero();
        }
    }

    @Test
    @DisplayName("what each of many leases costs when they are asked back at once does not depend on how many there are")
    void manyAtOnce() {
        ManualLoop loop = new ManualLoop();
        Granter granter = new Granter(loop, ChangeWatch.NONE, Runnable::run, 2 * MANY, 2 * MANY);
        Holder holder = granter.join("h1", Bench.TERM, (_, _, _) -> {});
        for (int i = 0; i < MANY; i++) {
            granter.ask(holder, "attach", new FileId(1, i, FileId.Kind.FILE), LeaseKinds.ATTRIBUTES);
        }
        assertThat(granter.leases()).isEqualTo(MANY);
        long before = loop.looks();
        granter.withdraw(holder);
        assertThat(granter.recalls()).isEqualTo(MANY);
        assertThat(loop.looks() - before).as("looks at the clock").isLessThan(10L * MANY);
    }

    @Test
    @DisplayName("to make room many leases are asked back at once, and are given up when all of them are")
    void together() {
        Granter granter = new Granter(new ManualLoop(), ChangeWatch.NONE, Runnable::run, MANY, MANY);
        List<Integer> asked = new ArrayList<>();
        List<Runnable> answers = new ArrayList<>();
        Holder holder = granter.join("h1", Bench.TERM, new Recalls() {
            @Override
            public void take(long lease, int lost, Runnable givenUp) {
                asked.add(1);
            }

            @Override
            public void takeAll(long[] leases, Runnable givenUp) {
                asked.add(leases.length);
                answers.add(givenUp);
            }
        });
        for (int i = 0; i < MANY; i++) {
            granter.ask(holder, "attach", new FileId(1, i, FileId.Kind.FILE), LeaseKinds.ATTRIBUTES);
        }
        assertThat(asked).isNotEmpty().allMatch(count -> count > MANY / 40);
        int before = granter.leases();
        answers.getFirst().run();
        assertThat(granter.leases()).isEqualTo(before - asked.getFirst());
    }

    @Test
    @DisplayName("no more are asked back at once than fit the smallest message, however many have to be")
    void togetherInParts() {
        int most = 32 * 2 * Recalls.MOST_TOGETHER;
        Granter granter = new Granter(new ManualLoop(), ChangeWatch.NONE, Runnable::run, most, most);
        List<Integer> asked = new ArrayList<>();
        Holder holder = granter.join("h1", Bench.TERM, new Recalls() {
            @Override
            public void take(long lease, int lost, Runnable givenUp) {
                asked.add(1);
            }

            @Override
            public void takeAll(long[] leases, Runnable givenUp) {
                asked.add(leases.length);
            }
        });
        for (int i = 0; i < most; i++) {
            granter.ask(holder, "attach", new FileId(1, i, FileId.Kind.FILE), LeaseKinds.ATTRIBUTES);
        }
        assertThat(asked).isNotEmpty()
                .allMatch(count -> Frame.HEADER + Integer.BYTES + count * Long.BYTES <= Frame.MIN_MSIZE);
    }

    @Test
    @DisplayName("a file that two holders write in turn is nobody's alone, until they have left off for a while")
    void inTurn() throws IOException {
        try (Bench bench = new Bench(folder, ALL)) {
            TestHolder h1 = bench.holder("h1");
            TestHolder h2 = bench.holder("h2");
            for (int i = 0; i < TakenInTurn.OFTEN; i += 2) {
                assertThat(h1.claim("f", "one").reply()).isTrue();
                assertThat(h2.claim("f", "two").reply()).isTrue();
            }
            assertThat(h1.claim("f", "one").reply()).isFalse();
            assertThat(h2.claim("f", "two").reply()).isFalse();
            assertThat(h1.claim("g", "another").reply()).isTrue();
            bench.pass(Duration.ofNanos(TakenInTurn.WHILE_NANOS));
            assertThat(h1.claim("f", "one").reply()).isTrue();
        }
    }

    @Test
    @DisplayName("a write behind that hangs is taken to be the maker of so many changes, and no more")
    void hangingWrite() {
        Inode inode = new Inode(new FileId(1, 1, FileId.Kind.FILE));
        Behind hanging = new Behind(null, inode, ChangeWatch.NONE, () -> {});
        inode.begin(hanging);
        hanging.begins();
        int number = 1;
        while (number <= Inode.MOST_DOUBTFUL) {
            assertThat(inode.isDoubtful(number)).isTrue();
            number++;
        }
        assertThat(inode.isDoubtful(number)).isFalse();
    }

    @Test
    @DisplayName("a change for which nobody had to be told keeps what is read meanwhile from being leased")
    void unseen() throws IOException {
        try (Bench bench = new Bench(folder, ALL)) {
            TestHolder h1 = bench.holder("h1");
            assertThat(bench.granter.isIdle()).isTrue();
            bench.granter.beginUnseen();
            h1.read("f");
            assertThat(h1.cached("f")).isNull();
            bench.granter.endUnseen();
            h1.read("f");
            assertThat(h1.cached("f")).isEqualTo("old");
            assertThat(bench.writeByNobody("f", "new").done).isTrue();
            assertThat(h1.cached("f")).isNull();
        }
    }
}
