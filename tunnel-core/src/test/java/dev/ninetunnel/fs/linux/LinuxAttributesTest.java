package dev.ninetunnel.fs.linux;

import static dev.ninetunnel.fs.FsTesting.NEW;
import static dev.ninetunnel.fs.FsTesting.bytes;
import static dev.ninetunnel.fs.FsTesting.fails;
import static dev.ninetunnel.fs.FsTesting.file;
import static dev.ninetunnel.fs.FsTesting.text;
import static dev.ninetunnel.fs.FsTesting.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.AttributeChange;
import dev.ninetunnel.fs.AttributeChange.NewTime;
import dev.ninetunnel.fs.Attributes;
import dev.ninetunnel.fs.Caller;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.Node;
import dev.ninetunnel.fs.OpenFile;
import dev.ninetunnel.fs.OpenHow;
import dev.ninetunnel.linux.DescriptorCalls;
import dev.ninetunnel.linux.NameCalls;
import dev.ninetunnel.linux.OpenFlags;
import dev.ninetunnel.linux.ProcessCalls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attributes as only Linux has them, and as whom they are read and changed. */
class LinuxAttributesTest {
    private static final Caller ALICE = new Caller.User(61001, 61001, List.of(61001, 61100));
    private static final Caller BOB = new Caller.User(61002, 61002, List.of());

    @TempDir
    Path exported;
    private LinuxTree tree;
    private Node root;

    @BeforeEach
    void open() throws Exception {
        tree = LinuxTree.open(exported);
        root = tree.root(Caller.SELF);
    }

    @AfterEach
    void close() {
        root.close();
        tree.close();
    }

    @Test
    void allAttributesAreThoseOfStat() throws Exception {
        Node file = file(root, "file", "content");
        Attributes a = file.attributes();
        Path path = exported.resolve("file");
        assertThat(a.id().inode()).isEqualTo(Files.getAttribute(path, "unix:ino"));
        assertThat(a.id().device()).isEqualTo(Files.getAttribute(path, "unix:dev"));
        assertThat(a.uid()).isEqualTo(Files.getAttribute(path, "unix:uid"));
        assertThat(a.mode()).isEqualTo(Files.getAttribute(path, "unix:mode"));
        assertThat(a.blocks()).isPositive();
        Attributes.Time change = a.change();
        assertThat(change.seconds()).isGreaterThan(1_600_000_000);
        assertThat(a.birth()).isNotEqualTo(Attributes.Time.UNKNOWN);
    }

    @Test
    void timesAreKeptToTheNanosecond() throws Exception {
        Node file = file(root, "file", "");
        Node link = root.makeSymlink(bytes("link"), bytes("file"), -1);
        Attributes.Time early = new Attributes.Time(-1, 999_999_999);
        Attributes.Time late = new Attributes.Time(4_000_000_000L, 1);
        for (Node node : List.of(file, link, root)) {
            node.change(new AttributeChange(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(),
                    OptionalLong.empty(), Optional.of(new NewTime.At(early)), Optional.of(new NewTime.At(late))));
            assertThat(node.attributes().access()).isEqualTo(early);
            assertThat(node.attributes().modification()).isEqualTo(late);
        }
    }

    @Test
    @DisplayName("S9 extended attributes are set, listed, read and removed; a missing one is ENODATA")
    void extendedAttributes() throws Exception {
        Node file = file(root, "file", "");
        byte[] name = bytes("user.name");
        fails(Errno.ENODATA, () -> file.attribute(name));
        fails(Errno.ENODATA, () -> file.setAttribute(name, bytes("x"), Node.SetMode.REPLACE));
        file.setAttribute(name, bytes("value"), Node.SetMode.CREATE);
        fails(Errno.EEXIST, () -> file.setAttribute(name, bytes("x"), Node.SetMode.CREATE));
        assertThat(text(file.attribute(name))).isEqualTo("value");
        file.setAttribute(bytes("user.empty"), new byte[0], Node.SetMode.ANY);
        assertThat(file.attribute(bytes("user.empty"))).isEmpty();
        assertThat(text(file.attributeNames()).split("\0")).contains("user.name", "user.empty");
        file.removeAttribute(name);
        fails(Errno.ENODATA, () -> file.removeAttribute(name));
        fails(Errno.ENODATA, () -> file.attribute(bytes("system.posix_acl_access")));
        fails(Errno.EOPNOTSUPP, () -> file.attribute(bytes("nonsense")));
        fails(Errno.ERANGE, () -> file.attribute(bytes("user." + "n".repeat(300))));
        fails(Errno.E2BIG, () -> file.setAttribute(name, new byte[65_537], Node.SetMode.ANY));
        root.unlink(bytes("file"), false);
        assertThat(file.attribute(bytes("user.empty"))).isEmpty();
    }

    @Test
    void attributesOfASymbolicLinkAreItsOwn() throws Exception {
        file(root, "file", "").setAttribute(bytes("user.name"), bytes("x"), Node.SetMode.ANY);
        Node link = root.makeSymlink(bytes("link"), bytes("file"), -1);
        assertThat(text(link.attributeNames())).doesNotContain("user.");
        fails(Errno.EPERM, () -> link.setAttribute(bytes("user.name"), bytes("y"), Node.SetMode.ANY));
        assertThat(text(root.walk(bytes("file")).attribute(bytes("user.name")))).isEqualTo("x");
    }

    @Test
    void theUmaskOfTheProcessIsItsOwn() throws Exception {
        int before = ProcessCalls.setUmask(077);
        try {
            assertThat(file(root, "file", "").attributes().mode()).isEqualTo(0100644);
            Path plain = Files.createFile(exported.resolve("plain"));
            assertThat((int) Files.getAttribute(plain, "unix:mode") & 077).isZero();
        } finally {
            ProcessCalls.setUmask(before);
        }
    }

    @Test
    void whereASandboxAllowsNoUmaskOfItsOwnTheModeIsPutRightAfterwards() throws Exception {
        Descriptors descriptors = new Descriptors(100);
        ThreadCredentials threadCredentials = new ThreadCredentials();
        EntryTable entryTable = new EntryTable(descriptors);
        Lookup lookup = new Lookup(entryTable, descriptors);
        Maker maker = new Maker(threadCredentials, () -> -Errno.EPERM.number());
        Entries entries = new Entries(descriptors, entryTable, lookup, threadCredentials, maker);
        EntryNode top = entryTable.root(root.id(), descriptors.open(() -> DescriptorCalls
                .openPath(bytes(exported.toString()), OpenFlags.PATH | OpenFlags.CLOSE_ON_EXEC)));
        int before = ProcessCalls.setUmask(077);
        try {
            Entries.Opened file = entries.create(Caller.SELF, top, bytes("f"), NEW, 0664, -1);
            assertThat(Status.of(file.fd()).mode()).isEqualTo(0100664);
            descriptors.close(file.fd());
            entryTable.release(file.place());
            EntryNode made = entries.make(Caller.SELF, top, bytes("d"), 0775, -1,
                    () -> NameCalls.makeDirectory(top.inode.fd, bytes("d"), 0775));
            assertThat(Status.of(made.inode.fd).mode()).isEqualTo(0040775);
            entryTable.release(made);
        } finally {
            ProcessCalls.setUmask(before);
        }
        entryTable.release(top);
        assertThat(descriptors.count()).isZero();
    }

    /** Makes something by this call; as soon as that is done, another file gets the name. */
    private Node exchanged(String name, String other, int mode, IntSupplier call) throws Exception {
        Descriptors descriptors = new Descriptors(100);
        ThreadCredentials threadCredentials = new ThreadCredentials();
        EntryTable entryTable = new EntryTable(descriptors);
        Lookup lookup = new Lookup(entryTable, descriptors);
        Entries entries = new Entries(descriptors, entryTable, lookup, threadCredentials,
                new Maker(threadCredentials, () -> -Errno.EPERM.number()));
        EntryNode top = entryTable.root(root.id(), descriptors.open(() -> DescriptorCalls
                .openPath(bytes(exported.toString()), OpenFlags.PATH | OpenFlags.CLOSE_ON_EXEC)));
        entryTable.release(entries.make(Caller.SELF, top, bytes(name), mode, -1, () -> {
            int made = call.getAsInt();
            assertThat(exported.resolve(name).toFile().renameTo(exported.resolve("made " + name).toFile())).isTrue();
            assertThat(exported.resolve(other).toFile().renameTo(exported.resolve(name).toFile())).isTrue();
            return made;
        }));
        entryTable.release(top);
        return root.walk(bytes(name));
    }

    @Test
    @DisplayName("S23 in a directory of somebody else the mode of what is made is not put right by its name")
    void exchangedNames() throws Exception {
        asRoot();
        Files.setAttribute(exported, "unix:uid", 61001);
        Files.setAttribute(exported, "unix:mode", 02755);
        int top = DescriptorCalls.openPath(bytes(exported.toString()), OpenFlags.PATH | OpenFlags.CLOSE_ON_EXEC);
        root.makeDirectory(bytes("private directory"), 0700, -1).close();
        assertThat(exchanged("d", "private directory", 02755, () -> NameCalls.makeDirectory(top, bytes("d"), 02755))
                .attributes().mode() & 0777).isEqualTo(0700);
        file(root, "private file", "").change(AttributeChange.mode(0600));
        assertThat(exchanged("n", "private file", 0666, () -> NameCalls.makeNode(top, bytes("n"), 0100666, 0))
                .attributes().mode() & 0777).isEqualTo(0600);
        DescriptorCalls.close(top);
        assertThat(root.makeDirectory(bytes("own"), 02755, -1).attributes().mode()).as("inherited")
                .isEqualTo(0042755);
        assertThat(root.makeDirectory(bytes("sticky"), 05777, -1).attributes().mode()).as("as mkdir(2) leaves it")
                .isEqualTo(0043777);
    }

    @Test
    void modesBeyondPermissionsAreKept() throws Exception {
        assertThat(root.create(bytes("f"), NEW, 06755, -1).node().attributes().mode()).isEqualTo(0106755);
        assertThat(root.makeDirectory(bytes("d"), 03777, -1).attributes().mode()).isEqualTo(0043777);
        Node directory = root.walk(bytes("d"));
        assertThat(directory.makeDirectory(bytes("below"), 0755, -1).attributes().mode()).as("inherited")
                .isEqualTo(0042755);
    }

    @Test
    void aNewFileIsOfTheGroupAskedFor() throws Exception {
        asRoot();
        assertThat(root.create(bytes("f"), NEW, 02644, 61100).node().attributes().gid()).isEqualTo(61100);
        assertThat(root.walk(bytes("f")).attributes().mode()).isEqualTo(0102644);
        assertThat(root.makeDirectory(bytes("d"), 0755, 61100).attributes().gid()).isEqualTo(61100);
        assertThat(root.makeSymlink(bytes("l"), bytes("x"), 61100).attributes().gid()).isEqualTo(61100);
        assertThat(root.makeNode(bytes("n"), 0010644, 0, 0, 61100).attributes().gid()).isEqualTo(61100);
        assertThat(file(root, "after", "").attributes().gid()).isEqualTo(ProcessCalls.gid());
    }

    @Test
    void aUserIsBoundByPermissions() throws Exception {
        asRoot();
        Node secret = file(root, "secret", "x");
        secret.change(AttributeChange.mode(0600));
        root.change(AttributeChange.mode(0777));
        try (Node alice = tree.root(ALICE); Node bob = tree.root(BOB)) {
            fails(Errno.EACCES, () -> alice.walk(bytes("secret")).open(OpenHow.READ));
            fails(Errno.EPERM, () -> alice.walk(bytes("secret")).change(AttributeChange.mode(0666)));
            fails(Errno.EACCES, () -> alice.walk(bytes("secret")).change(AttributeChange.size(0)));
            Node home = alice.makeDirectory(bytes("alice"), 0750, 61100);
            assertThat(home.attributes().uid()).isEqualTo(61001);
            assertThat(home.attributes().gid()).isEqualTo(61100);
            Node.Created mine = home.create(bytes("mine"), NEW, 0400, -1);
            assertThat(mine.node().attributes().gid()).isEqualTo(61001);
            assertThat(write(mine.file(), 0, "through the open file")).isPositive();
            fails(Errno.EACCES, () -> mine.node().open(OpenHow.WRITE));
            mine.file().truncate(3);
            fails(Errno.EPERM, () -> mine.node().change(owner(61002, -1)));
            mine.node().change(owner(-1, 61100));
            fails(Errno.EACCES, () -> bob.walk(bytes("alice")).walk(bytes("mine")));
            fails(Errno.EACCES, () -> bob.walk(bytes("alice")).open(OpenHow.READ));
            fails(Errno.EPERM, () -> alice.makeNode(bytes("device"), 0020600, 1, 3, -1));
        }
        assertThat(Files.getAttribute(Files.createFile(exported.resolve("own")), "unix:uid")).isEqualTo(0);
    }

    @Test
    void aWriteByAUserTakesSetUserIdBitsAway() throws Exception {
        asRoot();
        root.change(AttributeChange.mode(0755));
        Node file = root.create(bytes("program"), NEW, 04777, -1).node();
        try (Node user = tree.root(ALICE); OpenFile open = user.walk(bytes("program")).open(OpenHow.WRITE)) {
            write(open, 0, "x");
        }
        assertThat(file.attributes().mode()).isEqualTo(0100777);
    }

    @Test
    void aUserHasNoneOfTheCapabilitiesOfRoot() throws Exception {
        asRoot();
        root.change(AttributeChange.mode(0777));
        Node roots = file(root, "roots", "");
        // The right to set the user, for whoever runs the file (capabilities(7), version 2).
        byte[] setuid = {1, 0, 0, 2, (byte) 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
        byte[] capability = bytes("security.capability");
        byte[] trusted = bytes("trusted.x");
        try (Node user = tree.root(ALICE)) {
            Node own = user.create(bytes("own"), NEW, 0755, -1).node();
            fails(Errno.EPERM, () -> own.setAttribute(capability, setuid, Node.SetMode.ANY));
            fails(Errno.EPERM, () -> own.setAttribute(trusted, bytes("x"), Node.SetMode.ANY));
            fails(Errno.EPERM, () -> own.setAttribute(bytes("security.x"), bytes("x"), Node.SetMode.ANY));
            fails(Errno.EPERM, () -> user.walk(bytes("roots")).setAttribute(trusted, bytes("x"), Node.SetMode.ANY));
            assertThat(own.attributeNames()).isEmpty();
        }
        roots.setAttribute(trusted, bytes("x"), Node.SetMode.ANY);
        assertThat(roots.attribute(trusted)).as("as root again").isEqualTo(bytes("x"));
        try (Node user = tree.root(new Caller.User(0, 0, List.of()))) {
            user.walk(bytes("own")).setAttribute(trusted, bytes("x"), Node.SetMode.ANY);
        }
    }

    @Test
    void actingAsAUserNeedsRoot() throws Exception {
        if (ProcessCalls.uid() != 0) {
            fails(Errno.EPERM, () -> tree.root(ALICE));
            return;
        }
        FsException[] thrown = new FsException[1];
        Thread.ofPlatform().start(() -> {
            try (Node node = tree.root(ALICE)) {
                node.attributes();
            } catch (FsException e) {
                thrown[0] = e;
            }
        }).join();
        assertThat(thrown[0]).isNull();
    }

    @Test
    void aDefaultAclDecidesTheModeOfWhatIsMade() throws Exception {
        byte[] acl = acl(7, 5, 0);
        try {
            root.setAttribute(bytes("system.posix_acl_default"), acl, Node.SetMode.ANY);
        } catch (FsException e) {
            assumeTrue(e.number() != Errno.EOPNOTSUPP.number(), "no ACLs on this file system");
            throw e;
        }
        assertThat(root.create(bytes("f"), NEW, 0666, -1).node().attributes().mode() & 0777).isEqualTo(0640);
        assertThat(root.makeDirectory(bytes("d"), 0777, -1).attributes().mode() & 0777).isEqualTo(0750);
    }

    /** Version 2; entries are tag[2] perm[2] id[4] for owner, group and others. */
    private static byte[] acl(int owner, int group, int others) {
        List<Integer> b = new ArrayList<>(List.of(2, 0, 0, 0));
        int[][] entries = {{1, owner}, {4, group}, {0x20, others}};
        for (int[] e : entries) {
            b.addAll(List.of(e[0], 0, e[1], 0, 0xff, 0xff, 0xff, 0xff));
        }
        byte[] bytes = new byte[b.size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = b.get(i).byteValue();
        }
        return bytes;
    }

    private static AttributeChange owner(int uid, int gid) {
        return new AttributeChange(OptionalInt.empty(), uid == -1 ? OptionalInt.empty() : OptionalInt.of(uid),
                gid == -1 ? OptionalInt.empty() : OptionalInt.of(gid), OptionalLong.empty(), Optional.empty(),
                Optional.empty());
    }

    private static void asRoot() {
        assumeTrue(ProcessCalls.uid() == 0, "needs root");
    }
}
