package dev.ninetunnel.serve;

import static dev.ninetunnel.wire.LeaseKinds.ATTRIBUTES;
import static dev.ninetunnel.wire.LeaseKinds.DATA;
import static dev.ninetunnel.wire.LeaseKinds.NAMES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.export.Export;
import dev.ninetunnel.export.ExportOptions;
import dev.ninetunnel.export.Exports;
import dev.ninetunnel.export.RunAsRule;
import dev.ninetunnel.fs.Caller;
import dev.ninetunnel.fs.ChangeWatch;
import dev.ninetunnel.fs.FileId;
import dev.ninetunnel.fs.filter.NamePattern;
import dev.ninetunnel.fs.local.LocalTrees;
import dev.ninetunnel.lease.Granter;
import dev.ninetunnel.testing.ManualLoop;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.DirectoryEntry;
import dev.ninetunnel.wire.message.ListedEntry;
import dev.ninetunnel.wire.message.Rerror;
import dev.ninetunnel.wire.message.Rflush;
import dev.ninetunnel.wire.message.Rgetattr;
import dev.ninetunnel.wire.message.Rgranted;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rlist;
import dev.ninetunnel.wire.message.Rlopen;
import dev.ninetunnel.wire.message.Rreaddir;
import dev.ninetunnel.wire.message.Tflush;
import dev.ninetunnel.wire.message.Tgetattr;
import dev.ninetunnel.wire.message.Tlist;
import dev.ninetunnel.wire.message.Tlopen;
import dev.ninetunnel.wire.message.Treaddir;
import dev.ninetunnel.wire.message.Trenameat;
import dev.ninetunnel.wire.message.Tunlinkat;
import dev.ninetunnel.wire.message.Twant;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.ObjLongConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Tlist: a directory with what is leased of its files, on real trees, with another peer and programs of the host beside. */
@EnabledOnOs(OS.LINUX)
class ListingTest {
    private static final int ROOT = 0;
    private static final int MUCH = 1 << 18;
    private static final long ALL = 0x3fff;
    private static final int LEASES = 4096;
    private static final Text LACKING = Text.of("security.capability");
    private static final Text HAD = Text.of("user.had");

    @TempDir
    Path folder;
    private final ManualLoop loop = new ManualLoop();
    private final Watch watch = new Watch(LocalTrees.watch().orElseThrow());
    private Granter granter;
    private FarSide far;
    private FarSide other;

    /** A watch that costs time. */
    private static final class Watch implements ChangeWatch {
        private final ChangeWatch real;
        Runnable before = () -> {};

        Watch(ChangeWatch real) {
            this.real = real;
        }

        @Override
        public boolean add(FileId id, int descriptor) {
            before.run();
            return real.add(id, descriptor);
        }

        @Override
        public void remove(FileId id, int descriptor) {
            real.remove(id, descriptor);
        }

        @Override
        public long mark() {
            return real.mark();
        }

        @Override
        public boolean hasUntold() {
            return real.hasUntold();
        }

        @Override
        public void drain(ObjLongConsumer<Changed> changed, Runnable lost) {
            real.drain(changed, lost);
        }

        @Override
        public boolean await(Duration longest) {
            return real.await(longest);
        }

        @Override
        public void close() {
            real.close();
        }
    }

    private void open(int most, ExportOptions options) throws Exception {
        granter = new Granter(loop, watch, Runnable::run, most, most);
        Exports exports = new Exports(List.of(new Export("files", new Export.Target.Directory(folder, options)),
                FarSide.directory("proc", Path.of("/proc"))), new LocalTrees());
        far = FarSide.holder(exports, granter, loop);
        other = far.otherHolder(granter);
        far.attach(ROOT, "files");
        other.attach(ROOT, "files");
    }

    private void open() throws Exception {
        open(1000, ExportOptions.ALL);
    }

    @AfterEach
    void close() {
        if (far != null) {
            other.role.close();
            far.close();
        }
        watch.close();
    }

    /** Entries by name, in order. */
    private static Map<String, ListedEntry> entries(Rlist list, int attributes) {
        Map<String, ListedEntry> entries = new LinkedHashMap<>();
        ByteBuf in = list.entries().duplicate();
        while (in.isReadable()) {
            ListedEntry entry = ListedEntry.read(in, attributes);
            entries.put(entry.entry().name().utf8(), entry);
        }
        return entries;
    }

    private Map<String, ListedEntry> list(int data) {
        return entries(far.ask(Rlist.class, ask("", MUCH, data)), 0);
    }

    private static Tlist ask(String name, int count, int data, Text... attributes) {
        return new Tlist(ROOT, Text.of(name), 0, count, data, List.of(attributes));
    }

    private static String text(ListedEntry entry) {
        return entry.known().orElseThrow().content().map(data -> data.toString(StandardCharsets.UTF_8)).orElse(null);
    }

    private void write(String name, String content) throws Exception {
        Files.writeString(folder.resolve(name), content);
    }

    @Test
    @DisplayName("tells of each file what the plain requests would, with a lease on all of it")
    void whatThePlainRequestsTell() throws Exception {
        write("f", "content");
        write("empty", "");
        write("large", "x".repeat(101));
        Files.createDirectory(folder.resolve("d"));
        Files.createSymbolicLink(folder.resolve("l"), Path.of("where/to"));
        Files.setAttribute(folder.resolve("f"), "user:had", "v".getBytes(StandardCharsets.UTF_8));
        open();
        List<DirectoryEntry> plainListing = plainListing();
        Rlist list = far.ask(Rlist.class, ask("", MUCH, 100, LACKING, HAD));
        Map<String, ListedEntry> entries = entries(list, 2);

        assertThat(list.more()).isZero();
        assertThat(list.got()).isEqualTo(ATTRIBUTES | NAMES);
        assertThat(entries.values()).extracting(ListedEntry::entry).containsExactlyElementsOf(plainListing);
        Map<String, Integer> kinds = Map.of("f", ATTRIBUTES | DATA, "empty", ATTRIBUTES | DATA, "large", ATTRIBUTES,
                "d",
                ATTRIBUTES | NAMES, "l", ATTRIBUTES, ".", ATTRIBUTES | NAMES);
        int fid = 10;
        for (var kind : kinds.entrySet()) {
            String name = kind.getKey();
            ListedEntry.Known known = entries.get(name).known().orElseThrow();
            assertThat(known.got()).as(name).isEqualTo(kind.getValue());
            far.walk(ROOT, fid, name);
            Rgranted plain = far.ask(Rgranted.class, new Twant(ATTRIBUTES, new Tgetattr(fid++, ALL)));
            assertThat(known.attributes()).as(name).usingRecursiveComparison()
                    .ignoringFields("atimeSec", "atimeNsec").isEqualTo(plain.reply());
            assertThat(known.lease()).as(name).isEqualTo(plain.lease());
            assertThat(known.opens()).as(name).isEqualTo(!name.equals("l"));
            assertThat(known.target()).as(name).isEqualTo(Text.of(name.equals("l") ? "where/to" : ""));
        }
        assertThat(entries.get(".").known().orElseThrow().lease()).isEqualTo(list.lease());
        assertThat(entries.get("..").known()).isEmpty();
        assertThat(text(entries.get("f"))).isEqualTo("content");
        assertThat(text(entries.get("empty"))).isEmpty();
        assertThat(text(entries.get("large"))).isNull();
        assertThat(entries.get("f").known().orElseThrow().ecodes()).containsExactly(Errno.ENODATA.number(), 0);
        assertThat(granter.leases()).isEqualTo(6);
    }

    private List<DirectoryEntry> plainListing() {
        far.walk(ROOT, 9);
        far.ask(Rlopen.class, new Tlopen(9, 0));
        ByteBuf in = far.ask(Rreaddir.class, new Treaddir(9, 0, MUCH)).data();
        List<DirectoryEntry> entries = new ArrayList<>();
        while (in.isReadable()) {
            entries.add(DirectoryEntry.read(in));
        }
        return entries;
    }

    @Test
    @DisplayName("a directory is listed by its name in another; errors are those of the walk and of the listing, with no lease")
    void byName() throws Exception {
        Files.createDirectory(folder.resolve("d"));
        write("d/in", "side");
        write("f", "");
        open();
        assertThat(entries(far.ask(Rlist.class, ask("d", MUCH, 9)), 0)).containsKeys(".", "..", "in").hasSize(3);
        int leases = granter.leases();
        int descriptors = far.quota.descriptors().used();
        far.ask(Rlist.class, ask("d", MUCH, 9));
        assertThat(far.quota.descriptors().used()).as("what was found by its name is closed").isEqualTo(descriptors);
        assertThat(far.errno(ask("f", MUCH, 0))).isEqualTo(Errno.ENOTDIR.number());
        for (String none : List.of("none", ".", "..", "d/in")) {
            assertThat(far.errno(ask(none, MUCH, 0))).as(none).isEqualTo(Errno.ENOENT.number());
        }
        far.walk(ROOT, 1, "f");
        assertThat(far.errno(new Tlist(1, Text.EMPTY, 0, MUCH, 0, List.of()))).isEqualTo(Errno.ENOTDIR.number());
        assertThat(far.errno(new Tlist(77, Text.EMPTY, 0, MUCH, 0, List.of()))).isEqualTo(Errno.EBADF.number());
        assertThat(far.errno(new Tlist(ROOT, Text.EMPTY, 0, MUCH, 0,
                IntStream.range(0, 17).mapToObj(i -> Text.of("user." + i)).toList()))).isEqualTo(Errno.EINVAL.number());
        assertThat(granter.leases()).isEqualTo(leases);
        assertThat(far.quota.descriptors().used()).as("with the fid of f").isEqualTo(descriptors + 1);
    }

    @Test
    @DisplayName("where nothing is leased, it says EOPNOTSUPP: the list of exports, what a program makes up, 9P2000")
    void whereNothingIsLeased() throws Exception {
        open();
        far.attach(5, "");
        assertThat(far.errno(new Tlist(5, Text.EMPTY, 0, MUCH, 0, List.of()))).isEqualTo(Errno.EOPNOTSUPP.number());
        assertThat(far.errno(new Tlist(5, Text.of("files"), 0, MUCH, 0, List.of())))
                .isEqualTo(Errno.EOPNOTSUPP.number());
        far.attach(6, "proc");
        assertThat(far.errno(new Tlist(6, Text.EMPTY, 0, MUCH, 0, List.of()))).isEqualTo(Errno.EOPNOTSUPP.number());
        far.attachPlain(7, "files");
        assertThat(far.ask(new Tlist(7, Text.EMPTY, 0, MUCH, 0, List.of()))).isInstanceOf(Rerror.class);
        assertThat(granter.isIdle()).isTrue();
    }

    @Test
    @DisplayName("what may not be read is said to be so, and where names may be read and files not, there are names")
    void rights() throws Exception {
        assumeTrue(Files.getAttribute(folder, "unix:uid").equals(0),
                "root acts as others");
        for (Path above = folder; above != null && !above.equals(Path.of("/tmp")); above = above.getParent()) {
            Files.setPosixFilePermissions(above, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        write("private", "secret");
        Files.setPosixFilePermissions(folder.resolve("private"), PosixFilePermissions.fromString("rw-------"));
        Files.createDirectory(folder.resolve("shut"));
        write("shut/f", "secret");
        Files.setPosixFilePermissions(folder.resolve("shut"), PosixFilePermissions.fromString("rwxr--r--"));
        Files.createDirectory(folder.resolve("closed"));
        Files.setPosixFilePermissions(folder.resolve("closed"), PosixFilePermissions.fromString("rwx--x--x"));
        open(1000, ExportOptions.ALL.withAs(new RunAsRule.One(new Caller.User(1, 1, List.of()))));
        ListedEntry.Known kept = list(100).get("private").known().orElseThrow();
        assertThat(kept.opens()).isFalse();
        assertThat(kept.content()).isEmpty();
        assertThat(kept.got()).isEqualTo(ATTRIBUTES);
        Rlist shut = far.ask(Rlist.class, ask("shut", MUCH, 100));
        assertThat(shut.got()).isEqualTo(ATTRIBUTES | NAMES);
        assertThat(entries(shut, 0).get("f").known()).isEmpty();
        assertThat(far.errno(ask("closed", MUCH, 100))).isEqualTo(Errno.EACCES.number());
    }

    @Test
    @DisplayName("hidden names are not there, and neither is what is in them")
    void hidden() throws Exception {
        write("shown", "");
        write(".secret", "");
        Files.createDirectory(folder.resolve(".git"));
        open(1000, ExportOptions.ALL.withHidden(List.of(NamePattern.parse(".*"))).withoutAttributes());
        Map<String, ListedEntry> entries = entries(far.ask(Rlist.class, ask("", MUCH, 9, HAD)), 1);
        assertThat(entries).containsOnlyKeys(".", "..", "shown");
        assertThat(entries.get("shown").known().orElseThrow().ecodes()).as("an export without attributes")
                .containsExactly(Errno.EOPNOTSUPP.number());
        assertThat(far.errno(ask(".git", MUCH, 0))).isEqualTo(Errno.ENOENT.number());
    }

    @Test
    @DisplayName("a large directory comes in parts, each name once and leased; it takes no more leases than there is room for, nor "
            + "others': the next part waits until its own oldest are given up")
    void large() throws Exception {
        int files = 20_000;
        for (int i = 0; i < files; i++) {
            Files.createFile(folder.resolve("file" + i));
        }
        open(LEASES, ExportOptions.ALL);
        long theirs = other.ask(Rgranted.class, new Twant(ATTRIBUTES, new Tgetattr(ROOT, ALL))).lease();
        List<String> names = new ArrayList<>();
        long cookie = 0;
        int leased = 0;
        int requests = 0;
        for (boolean more = true; more; requests++) {
            Rlist list = far.askGivingUp(Rlist.class, new Tlist(ROOT, Text.EMPTY, cookie, MUCH, 0, List.of()));
            assertThat(list.entries().readableBytes()).isLessThanOrEqualTo(MUCH);
            Map<String, ListedEntry> entries = entries(list, 0);
            assertThat(entries).hasSizeLessThanOrEqualTo(1024);
            names.addAll(entries.keySet());
            leased += (int) entries.values().stream().filter(entry -> entry.known().isPresent()).count();
            cookie = entries.isEmpty() ? cookie : new ArrayList<>(entries.values()).getLast().entry().offset();
            more = list.more() != 0;
        }
        assertThat(names).hasSize(files + 2).doesNotHaveDuplicates();
        assertThat(requests).isGreaterThanOrEqualTo(files / 1024);
        assertThat(leased).isGreaterThanOrEqualTo(files);
        assertThat(far.givenUp).isGreaterThan(files - LEASES);
        assertThat(granter.leases()).isBetween(LEASES / 2, LEASES);
        assertThat(other.recalls).isEmpty();
        assertThat(other.ask(Rgranted.class, new Twant(ATTRIBUTES, new Tgetattr(ROOT, ALL))).lease()).isEqualTo(theirs);
    }

    @Test
    @DisplayName("one that waits for room holds nothing of what its peer may have under way")
    void waiting() throws Exception {
        for (int i = 0; i < 2 * LEASES; i++) {
            Files.createFile(folder.resolve("file" + i));
        }
        open(LEASES, ExportOptions.ALL);
        long before = far.inFlight();
        long cookie = 0;
        int pages = far.answers.size();
        far.send(7, new Tlist(ROOT, Text.EMPTY, cookie, MUCH, 0, List.of()));
        while (far.answers.size() > pages) {
            Map<String, ListedEntry> entries = entries((Rlist) far.answers.getLast().message(), 0);
            cookie = new ArrayList<>(entries.values()).getLast().entry().offset();
            pages = far.answers.size();
            far.send(7, new Tlist(ROOT, Text.EMPTY, cookie, MUCH, 0, List.of()));
        }
        assertThat(far.recalls).as("asked back, and not given up").isNotEmpty();
        assertThat(far.inFlight()).isEqualTo(before);
        int answers = far.answers.size();
        List.copyOf(far.recalls).forEach(recall -> recall.giveUp().run());
        assertThat(far.answers).hasSize(answers + 1);
        assertThat(far.inFlight()).isEqualTo(before);
    }

    @Test
    @DisplayName("entries fit the count: what has no room comes next, without content or bare where there never is room")
    void count() throws Exception {
        write("a", "x".repeat(500));
        open();
        Rlist first = far.ask(Rlist.class, ask("", 40, 0));
        assertThat(entries(first, 0)).hasSize(1);
        assertThat(first.more()).isOne();
        assertThat(entries(first, 0).values().iterator().next().known()).isEmpty();
        assertThat(far.errno(ask("", 30, 0))).isEqualTo(Errno.EINVAL.number());
        for (int count : new int[]{300, 760}) {
            long cookie = 0;
            Rlist list;
            Map<String, ListedEntry> all = new LinkedHashMap<>();
            do {
                list = far.ask(Rlist.class, new Tlist(ROOT, Text.EMPTY, cookie, count, 1000, List.of()));
                assertThat(list.entries().readableBytes()).isLessThanOrEqualTo(count);
                Map<String, ListedEntry> entries = entries(list, 0);
                all.putAll(entries);
                cookie = new ArrayList<>(entries.values()).getLast().entry().offset();
            } while (list.more() != 0);
            assertThat(all).containsOnlyKeys(".", "..", "a");
            assertThat(all.get("a").known().orElseThrow().content().isPresent()).isEqualTo(count > 700);
        }
    }

    @Test
    @DisplayName("a directory on a slow disk comes in parts that take a worker no longer than 50 ms and a file")
    void slow() throws Exception {
        for (int i = 0; i < 10; i++) {
            write("f" + i, "");
        }
        open();
        watch.before = () -> loop.advance(30, TimeUnit.MILLISECONDS);
        Rlist list = far.ask(Rlist.class, ask("", MUCH, 0));
        assertThat(list.more()).isOne();
        assertThat(entries(list, 0)).hasSizeBetween(2, 4);
        assertThat(granter.leases()).as("what is not told is not leased").isLessThanOrEqualTo(4);
    }

    /** Has the names read, and stops before the files are looked at. */
    private void begin(int data) {
        far.holdWork();
        far.send(9, ask("", MUCH, data));
        far.work.remove().run();
        assertThat(far.work).hasSize(1);
    }

    private Rlist end() {
        far.doWork();
        return (Rlist) far.answers.getLast().message();
    }

    @Test
    @DisplayName("rule 4: what another peer changes between the names and the look is not leased, and waits for who has it")
    void changedByAPeer() throws Exception {
        write("f", "f");
        write("g", "g");
        open();
        begin(100);
        other.send(7, new Trenameat(ROOT, Text.of("f"), ROOT, Text.of("g")));
        assertThat(far.recalls).as("of the directory and both files").hasSize(3);
        assertThat(folder.resolve("f")).exists();
        List.copyOf(far.recalls).forEach(recall -> recall.giveUp().run());
        assertThat(folder.resolve("f")).doesNotExist();
        Rlist list = end();
        assertThat(list.got()).isZero();
        Map<String, ListedEntry> entries = entries(list, 0);
        assertThat(entries.get("f").known()).isEmpty();
        assertThat(entries.get("g").known()).isEmpty();
        assertThat(granter.leases()).isZero();
        assertThat(list(100).get("g").known()).isPresent();
    }

    @Test
    @DisplayName("what a program of the host changes before the reply leaves is not leased; the rest of the directory is")
    void changedByAProgram() throws Exception {
        write("f", "old");
        write("g", "old");
        open();
        begin(100);
        watch.before = () -> watch.before = () -> { // one of them has been looked at by now
            watch.before = () -> {};
            assertThatCode(() -> write("f", "newer")).doesNotThrowAnyException();
            assertThatCode(() -> write("g", "newer")).doesNotThrowAnyException();
        };
        Rlist list = end();
        assertThat(list.got()).isEqualTo(ATTRIBUTES | NAMES);
        List<Optional<String>> known = Stream.of("f", "g").map(entries(list, 0)::get)
                .map(entry -> entry.known().map(_ -> text(entry))).toList();
        assertThat(known).containsExactlyInAnyOrder(Optional.empty(), Optional.of("newer"));
    }

    @Test
    @DisplayName("a name that leads to another file by now brings nothing of either")
    void replaced() throws Exception {
        write("f", "old");
        write("new", "new");
        open();
        begin(100);
        Files.move(folder.resolve("new"), folder.resolve("f"), StandardCopyOption.REPLACE_EXISTING);
        Rlist list = end();
        assertThat(list.got()).as("the names").isZero();
        assertThat(entries(list, 0).get("f").known()).isEmpty();
        assertThat(entries(list, 0).get("new").known()).isEmpty();
        assertThat(text(list(100).get("f"))).isEqualTo("new");
    }

    @Test
    @DisplayName("one that is flushed, or whose session ends, between its parts leaves no lease, no watch and no open file")
    void flushed() throws Exception {
        write("f", "");
        Files.createDirectory(folder.resolve("d"));
        open();
        for (int steps = 0; steps < 3; steps++) {
            far.holdWork();
            far.send(9, ask("d", MUCH, 0));
            for (int i = 0; i < steps; i++) {
                far.work.remove().run();
            }
            far.send(10, new Tflush(9));
            far.doWork();
            assertThat(far.answers.getLast().message()).isEqualTo(new Rflush());
            // What is being read when the flush comes is read, and leased to a far side that does not take it.
            assertThat(granter.leases()).as("after %d steps", steps).isEqualTo(steps < 2 ? 0 : 1);
        }
        other.ask(new Tunlinkat(ROOT, Text.of("f"), 0));
        far.recalls.forEach(recall -> recall.giveUp().run());
        far.holdWork();
        far.send(9, ask("d", MUCH, 0));
        far.work.remove().run();
        far.role.close();
        far.doWork();
        granter.join("", Duration.ofSeconds(10), (lease, lost, givenUp) -> {});
        assertThat(granter.leases()).isZero();
        assertThat(far.quota.descriptors().used()).isZero();
    }

    @Test
    @DisplayName("where there is no room for leases, the names come; none of others is asked back for it")
    void full() throws Exception {
        for (int i = 0; i < 20; i++) {
            write("f" + i, "");
        }
        open(10, ExportOptions.ALL);
        other.ask(Rgranted.class, new Twant(ATTRIBUTES, new Tgetattr(ROOT, ALL)));
        Map<String, ListedEntry> entries = list(0);
        assertThat(entries).hasSize(22);
        assertThat(entries.values().stream().filter(entry -> entry.known().isPresent()))
                .as("but for the directory itself, which is the oldest").hasSize(8);
        assertThat(granter.leases()).isEqualTo(10);
        assertThat(other.recalls).isEmpty();
        assertThat(far.recalls).hasSize(1);
    }

    @Test
    @DisplayName("a right that ends before the reply leaves takes along what was read")
    void rightEnds() throws Exception {
        write("f", "secret");
        open();
        begin(100);
        far.exports.change(List.of()).apply();
        far.doWork();
        assertThat(far.answers.getLast().message()).isEqualTo(new Rlerror(Errno.ESTALE.number()));
        List.copyOf(far.recalls).forEach(recall -> recall.giveUp().run());
        assertThat(granter.leases()).isZero();
    }

    @Test
    @DisplayName("what comes with a directory is asked back before it is changed, as any lease")
    void recalled() throws Exception {
        write("f", "content");
        open();
        long lease = list(100).get("f").known().orElseThrow().lease();
        other.send(7, new Tunlinkat(ROOT, Text.of("f"), 0));
        assertThat(folder.resolve("f")).exists();
        assertThat(far.recalls).extracting(FarSide.Recall::lease).contains(lease).hasSize(2);
        List.copyOf(far.recalls).forEach(recall -> recall.giveUp().run());
        assertThat(folder.resolve("f")).doesNotExist();
        assertThat(far.ask(Rgetattr.class, new Tgetattr(ROOT, ALL))).isNotNull();
    }
}
