package dev.ninetunnel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.cli.copy.LocalNames;
import dev.ninetunnel.cli.copy.PartNames;
import dev.ninetunnel.cli.process.ClosedSinkException;
import dev.ninetunnel.testing.Diod;
import dev.ninetunnel.testing.Mounts;
import dev.ninetunnel.wire.Text;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Scanner;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands as they are typed, on a 9P server behind a peer's socket. */
@DisplayName("the file commands")
class FileCommandsTest {
    private static final Instant TIME = Instant.parse("2001-09-09T01:46:40Z");

    @TempDir
    Path room;
    private Path far;
    private Path here;
    private Path run;
    private Diod diod;
    private String out = "";
    private String err = "";

    @BeforeEach
    void serve() throws IOException {
        far = Files.createDirectory(room.resolve("far"));
        here = Files.createDirectory(room.resolve("here"));
        run = Files.createDirectory(room.resolve("run"));
        diod = Diod.serve(far, Files.createDirectory(room.resolve("diod")));
        Files.createSymbolicLink(run.resolve("peer.9p"), diod.address().getPath());
    }

    @AfterEach
    void stop() {
        if (diod != null) {
            diod.close();
        }
    }

    /** Types a command and returns its exit code. */
    private int type(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.add("--run=" + run);
        all.add("--aname=" + diod.aname());
        StringWriter output = new StringWriter();
        StringWriter errors = new StringWriter();
        int code = Main.run(new PrintWriter(output, true), new PrintWriter(errors, true), all.toArray(String[]::new));
        out = output.toString();
        err = errors.toString();
        return code;
    }

    private void works(String... words) {
        int code = type(words);
        assertThat(err).as("what went wrong").isEmpty();
        assertThat(code).isZero();
    }

    private void fails(int code, String why, String... words) {
        assertThat(type(words)).as(err).isEqualTo(code);
        assertThat(err).contains(why).doesNotContain("\tat ");
    }

    private String[] get(String... sources) {
        return Stream.of(Stream.of("get", "-r"), Stream.of(sources), Stream.of(here.toString()))
                .flatMap(words -> words).toArray(String[]::new);
    }

    /** What a tree consists of: kind, permissions, time and content of each file. */
    private static Map<String, String> tree(Path top) throws IOException {
        Map<String, String> all = new TreeMap<>();
        try (Stream<Path> files = Files.walk(top)) {
            for (Path file : files.toList()) {
                all.put(LocalNames.text(top.relativize(file)).toString(), described(file));
            }
        }
        return all;
    }

    private static String described(Path file) throws IOException {
        if (Files.isSymbolicLink(file)) {
            return "-> " + LocalNames.text(Files.readSymbolicLink(file));
        }
        String attributes = PosixFilePermissions.toString(Files.getPosixFilePermissions(file)) + " "
                + Files.getLastModifiedTime(file);
        return Files.isDirectory(file) ? attributes : attributes + " " + Files.readString(file);
    }

    private Path plant(Path top) throws IOException {
        Path tree = Files.createDirectories(top.resolve("tree/below/deep")).getParent().getParent();
        Files.writeString(tree.resolve("f"), "content");
        Files.writeString(tree.resolve("below/run"), "#!/bin/sh");
        Files.writeString(tree.resolve(LocalNames.name(Text.of(new byte[]{'r', (byte) 0xFF}))), "raw");
        Files.writeString(tree.resolve("below/new\nline"), "");
        Files.createSymbolicLink(tree.resolve("below/link"), Path.of("../f"));
        Files.createSymbolicLink(tree.resolve("out"), Path.of("/no/such/place"));
        Files.setPosixFilePermissions(tree.resolve("below/run"), PosixFilePermissions.fromString("rwxr-x--x"));
        Files.setLastModifiedTime(tree.resolve("below/run"), FileTime.from(TIME));
        Files.setPosixFilePermissions(tree.resolve("below"), PosixFilePermissions.fromString("r-xr-xr-x"));
        Files.setLastModifiedTime(tree.resolve("below"), FileTime.from(TIME));
        return tree;
    }

    @Test
    @DisplayName("get -r and put -r keep names, contents, permissions, times and links")
    void treesThereAndBack() throws IOException {
        Map<String, String> original = tree(plant(far));
        works(get("peer:tree"));
        assertThat(tree(here.resolve("tree"))).isEqualTo(original);
        works("put", "-r", here.resolve("tree").toString(), "peer:again");
        assertThat(tree(far.resolve("again"))).isEqualTo(original);
        works("put", "-r", here.resolve("tree").toString(), "peer:again");
        assertThat(tree(far.resolve("again/tree"))).as("into what is there").isEqualTo(original);
        works("rm", "-r", "peer:again", "peer:tree");
        assertThat(far).isEmptyDirectory();
    }

    @Test
    @DisplayName("where nothing can be written, the disk may be at fault as well as the export: EROFS does not say which")
    void readOnlyDisk() throws IOException {
        Path disk = Files.createDirectory(far.resolve("disk"));
        Path file = Files.writeString(here.resolve("f"), "content");
        try (Mounts mounts = new Mounts()) {
            mounts.memory(disk);
            assertThat(Mounts.run("mount", "-o", "remount,ro", disk.toString())).isZero();
            fails(77, "for reading only, or its disk is mounted so", "put", file.toString(), "peer:disk/f");
            fails(77, "for reading only, or its disk is mounted so", "mkdir", "peer:disk/d");
        }
    }

    @Test
    @DisplayName("a tree is copied over an older copy of itself")
    void treesOverTrees() throws IOException {
        Path tree = plant(far);
        works(get("peer:tree"));
        Files.writeString(tree.resolve("f"), "newer");
        Files.delete(tree.resolve("out"));
        Files.createSymbolicLink(tree.resolve("out"), Path.of("elsewhere"));
        works(get("peer:tree"));
        assertThat(here.resolve("tree/f")).hasContent("newer");
        assertThat(Files.readSymbolicLink(here.resolve("tree/out"))).isEqualTo(Path.of("elsewhere"));
        assertThat(tree(here.resolve("tree")).keySet()).isEqualTo(tree(tree).keySet());
    }

    @Test
    @DisplayName("get -r and put -r leave out files that are there with the same size and time, unless told otherwise")
    void sameFiles() throws IOException {
        Path tree = plant(far);
        works(get("--stats", "peer:tree"), "ninetunnel: 4 files, 19 B in ");
        Path copy = here.resolve("tree/f");
        likeBefore(copy, "CONTENT");
        works(get("--stats", "peer:tree"), "ninetunnel: 0 files, 0 B in ", "; 6 files were there already");
        assertThat(copy).hasContent("CONTENT");
        Files.setPosixFilePermissions(tree.resolve("f"), PosixFilePermissions.fromString("r--r-----"));
        works(get("peer:tree"));
        assertThat(tree(here.resolve("tree")).get("f")).as("permissions are kept all the same").startsWith("r--r-----");
        works(get("--ignore-times", "peer:tree"));
        assertThat(files(here.resolve("tree"))).isEqualTo(files(tree));

        likeBefore(copy, "CONTENT");
        works(put("--stats", copy.getParent()), "ninetunnel: 0 files, 0 B in ", "; 6 files were there already");
        assertThat(tree.resolve("f")).hasContent("content");
        works(put("-I", copy.getParent()));
        assertThat(files(tree)).isEqualTo(files(here.resolve("tree")));
    }

    /** A tree without its directories, which keep what they have when something is copied into them. */
    private static Map<String, String> files(Path top) throws IOException {
        Map<String, String> all = tree(top);
        all.keySet().removeIf(name -> Files.isDirectory(top.resolve(name), LinkOption.NOFOLLOW_LINKS));
        return all;
    }

    private static void likeBefore(Path file, String content) throws IOException {
        FileTime time = Files.getLastModifiedTime(file);
        Files.writeString(file, content);
        Files.setLastModifiedTime(file, time);
    }

    private String[] put(String option, Path tree) {
        return new String[]{"put", "-r", option, tree + "/.", "peer:tree"};
    }

    private void works(String[] words, String... said) {
        assertThat(type(words)).as(err).isZero();
        assertThat(err).contains(said);
    }

    @Test
    @DisplayName("--delete removes what the source does not have, but for what is excluded, and --dry-run only says so")
    void deletes() throws IOException {
        Path tree = plant(far);
        works(get("peer:tree"));
        Path copy = here.resolve("tree");
        for (Path top : List.of(tree, copy)) {
            Files.createDirectories(top.resolve("build/deep"));
            Files.writeString(top.resolve("build/deep/x.o"), "object");
        }
        Files.createDirectories(copy.resolve("more/deep"));
        Files.writeString(copy.resolve("more/deep/x"), "more");
        Files.writeString(copy.resolve("keep.o"), "kept");
        Files.writeString(tree.resolve("new"), "new");
        Map<String, String> before = tree(copy);
        String[] options = {"--delete", "--exclude=*.o", "--exclude=below/deep"};
        works(get(with(options, "--dry-run", "peer:tree")));
        assertThat(out.lines()).containsExactlyInAnyOrder("would copy peer:tree/new, 3 B",
                "would remove " + copy.resolve("more"));
        assertThat(tree(copy)).isEqualTo(before);
        works(get(with(options, "peer:tree")));
        assertThat(tree(copy).keySet()).doesNotContain("more").contains("new", "keep.o", "build/deep/x.o",
                "below/deep");

        Files.writeString(tree.resolve("other"), "other");
        Files.writeString(copy.resolve("build/y"), "y");
        Map<String, String> farBefore = tree(tree);
        works(with(options, "put", "-r", "-n", copy + "/.", "peer:tree"));
        assertThat(out.lines()).containsExactlyInAnyOrder("would copy " + copy.resolve("build/y") + ", 1 B",
                "would remove peer:tree/other");
        assertThat(tree(tree)).isEqualTo(farBefore);
        works(with(options, "put", "-r", copy + "/.", "peer:tree"));
        assertThat(tree(tree).keySet()).doesNotContain("other", "keep.o").contains("build/y");
        fails(Failure.USAGE, "say -r", "get", "--delete", "peer:tree", here.toString());
        fails(Failure.USAGE, "is no pattern", "get", "-r", "--exclude=[", "peer:tree", here.toString());
    }

    private static String[] with(String[] options, String... more) {
        return Stream.of(more, options).flatMap(Stream::of).toArray(String[]::new);
    }

    @Test
    @DisplayName("get writes through no link that lies in its way")
    void linksInTheWay() throws IOException {
        plant(far);
        Path outside = Files.createDirectory(room.resolve("outside"));
        Files.writeString(outside.resolve("f"), "safe");
        Files.createDirectory(here.resolve("tree"));
        Files.createSymbolicLink(here.resolve("tree/below"), outside);
        Files.createSymbolicLink(here.resolve("tree/f"), outside.resolve("f"));
        fails(Failure.CANNOT_CREATE, "is no directory", get("peer:tree"));
        assertThat(outside.resolve("f")).hasContent("safe");
        assertThat(outside.toFile().list()).containsExactly("f");
        assertThat(here.resolve("tree/f")).as("the rest is copied").hasContent("content");
        assertThat(Files.isSymbolicLink(here.resolve("tree/f"))).isFalse();
    }

    @Test
    @DisplayName("mv renames and moves, and replaces as rename(2) does")
    void moves() throws IOException {
        Files.writeString(far.resolve("a"), "A");
        Files.writeString(far.resolve("b"), "B");
        Files.createDirectory(far.resolve("d"));
        works("mv", "peer:a", "peer:c");
        assertThat(far.resolve("c")).hasContent("A");
        works("mv", "peer:c", "peer:b");
        assertThat(far.resolve("b")).hasContent("A");
        Files.writeString(far.resolve("e"), "E");
        works("mv", "peer:b", "peer:e", "peer:d");
        assertThat(far.resolve("d").toFile().list()).containsExactlyInAnyOrder("b", "e");
        works("mv", "peer:d", "peer:f");
        assertThat(far.toFile().list()).containsExactly("f");
        fails(66, "peer:no", "mv", "peer:no", "peer:x");
        fails(Failure.CANNOT_CREATE, "no directory", "mv", "peer:f/b", "peer:f/e", "peer:x");
        fails(Failure.USAGE, "different hosts", "mv", "peer:f", "other:f");
        fails(Failure.USAGE, "all that peer offers", "mv", "peer:", "peer:f");
    }

    @Test
    @DisplayName("ln makes names and symbolic links, and replaces nothing")
    void links() throws IOException {
        Path a = Files.writeString(far.resolve("a"), "A");
        works("ln", "peer:a", "peer:b");
        assertThat(Files.isSameFile(a, far.resolve("b"))).isTrue();
        works("ln", "-s", "../no/such", "peer:s");
        assertThat(Files.readSymbolicLink(far.resolve("s"))).isEqualTo(Path.of("../no/such"));
        fails(Failure.CANNOT_CREATE, "is there already", "ln", "peer:a", "peer:b");
        fails(Failure.CANNOT_CREATE, "is there already", "ln", "-s", "x", "peer:s");
        fails(Failure.USAGE, "without a peer", "ln", "-s", "peer:a", "peer:t");
        fails(Failure.USAGE, "different hosts", "ln", "other:a", "peer:t");
    }

    @Test
    @DisplayName("chmod changes permissions, with -R those of a tree and of no link")
    void permissions() throws IOException {
        Path tree = plant(far);
        Path outside = Files.writeString(far.resolve("outside"), "");
        Files.delete(tree.resolve("out"));
        Files.createSymbolicLink(tree.resolve("out"), outside);
        works("chmod", "640", "peer:tree/f");
        assertThat(tree(tree).get("f")).startsWith("rw-r-----");
        works("chmod", "-R", "go=,u+X", "peer:tree");
        assertThat(tree(tree)).hasEntrySatisfying("below", is -> assertThat(is).startsWith("r-x------"))
                .hasEntrySatisfying("below/run", is -> assertThat(is).startsWith("rwx------ " + TIME))
                .hasEntrySatisfying("f", is -> assertThat(is).startsWith("rw-------"));
        assertThat(Files.getPosixFilePermissions(outside)).contains(PosixFilePermission.OTHERS_READ);
        fails(Failure.USAGE, "no mode", "chmod", "u*x", "peer:tree");
        fails(66, "peer:no", "chmod", "600", "peer:no");
    }

    @Test
    @DisplayName("find, du and df tell of trees and disks, in bytes or so that people can read them")
    void looksAround() throws IOException {
        Path tree = plant(far);
        Files.write(tree.resolve("below/deep/x.csv"), new byte[1536]);
        works("find", "peer:tree");
        assertThat(out.lines()).containsExactly("peer:tree", "peer:tree/below", "peer:tree/below/deep",
                "peer:tree/below/deep/x.csv", "peer:tree/below/link", "peer:tree/below/new\\x0aline",
                "peer:tree/below/run", "peer:tree/f", "peer:tree/out", "peer:tree/r\\xff");
        works("find", "peer:tree", "--name=*.csv");
        assertThat(out.lines()).containsExactly("peer:tree/below/deep/x.csv");
        works("find", "peer:tree", "-type", "l");
        assertThat(out.lines()).containsExactly("peer:tree/below/link", "peer:tree/out");
        works("du", "peer:tree/below");
        assertThat(out.lines()).containsExactly("1536\tpeer:tree/below/deep",
                1536 + 9 + "../f".length() + "\tpeer:tree/below");
        works("du", "-sh", "peer:tree/below/deep", "peer:tree/f");
        assertThat(out.lines()).containsExactly("1.5 KiB\tpeer:tree/below/deep", "7 B\tpeer:tree/f");
        works("ls", "-lh", "peer:tree/below/deep");
        assertThat(out).contains(" 1.5 KiB ");
        works("df", "-h", "peer:tree");
        assertThat(out.lines().toList().getLast()).matches(".* [KMGT]iB +.*%  peer:tree");
        fails(66, "peer:no", "du", "peer:no", "peer:tree/f");
        assertThat(out).isEqualToIgnoringNewLines("7\tpeer:tree/f");
    }

    @Test
    @DisplayName("get and put name one file as cp does")
    void oneFile() throws IOException {
        Files.writeString(far.resolve("a"), "A");
        works("get", "peer:a", here.resolve("b").toString());
        works("get", "peer:/a/", here.toString());
        assertThat(tree(here).keySet()).contains("a", "b");
        works("put", here.resolve("b").toString(), "peer:c");
        Files.createDirectory(far.resolve("d"));
        works("put", here.resolve("a").toString(), here.resolve("b").toString(), "peer:d");
        assertThat(far.resolve("c")).hasContent("A");
        assertThat(far.resolve("d").toFile().list()).containsExactlyInAnyOrder("a", "b");
        fails(Failure.CANNOT_CREATE, "no directory", "put", here.resolve("a").toString(), here.resolve("b").toString(),
                "peer:c");
        fails(Failure.CANNOT_CREATE, "no directory", "get", "peer:a", "peer:c", here.resolve("a").toString());
        fails(Failure.CANNOT_CREATE, "make it first", "get", "peer:a", here.resolve("no/such").toString());
    }

    @Test
    @DisplayName("directories are not copied or removed without -r, and all that a peer offers never is removed")
    void directories() throws IOException {
        Files.createDirectory(far.resolve("d"));
        fails(Failure.IO, "-r", "get", "peer:d", here.toString());
        fails(Failure.IO, "-r", "put", far.toString(), "peer:");
        fails(Failure.IO, "-r", "rm", "peer:d");
        fails(Failure.USAGE, "not removed", "rm", "-rf", "peer:d/..");
        assertThat(far.resolve("d")).isEmptyDirectory();
    }

    @Test
    @DisplayName("what is missing is told, the rest is done, and the code is that of what is missing")
    void partly() throws IOException {
        Files.writeString(far.resolve("a"), "A");
        fails(66, "peer:no: No such file or directory", "get", "peer:no", "peer:a", here.toString());
        assertThat(here.resolve("a")).hasContent("A");
        fails(66, "peer:no", "ls", "peer:no", "peer:a");
        assertThat(out).isEqualToIgnoringNewLines("peer:a");
        fails(66, "peer:no", "stat", "peer:no", "peer:a");
        assertThat(out).contains("File: peer:a", "Size: 1 bytes", "Mode: ");
        fails(66, "peer:no", "rm", "peer:no", "peer:a");
        assertThat(far).isEmptyDirectory();
        works("rm", "-f", "peer:no");
        fails(66, "no such file here", "put", here.resolve("no").toString(), here.resolve("a").toString(), "peer:");
        assertThat(far.resolve("a")).exists();
    }

    @Test
    @DisplayName("ls sorts, hides dots, escapes names, and heads several directories")
    void lists() throws IOException {
        Files.createDirectories(far.resolve("d/e"));
        Files.createFile(far.resolve(".hidden"));
        Files.createFile(far.resolve("z\u001b[2J"));
        Files.createSymbolicLink(far.resolve("link"), Path.of("d"));
        works("ls", "peer:");
        assertThat(out.lines()).containsExactly("d", "link", "z\\x1b[2J");
        works("ls", "-a", "peer:/");
        assertThat(out.lines()).containsExactly(".hidden", "d", "link", "z\\x1b[2J");
        works("ls", "peer:d", "peer:link", "peer:.hidden");
        assertThat(out.lines()).containsExactly("peer:.hidden", "", "peer:d:", "e", "", "peer:link:", "e");
        works("ls", "-l", "peer:link");
        assertThat(out).startsWith("lrwxrwxrwx 1 ").contains(" peer:link -> d");
    }

    @Test
    @DisplayName("links on the way are followed within what the peer offers, and not out of it")
    void linksOnTheWay() throws IOException {
        Files.createDirectories(far.resolve("d/e"));
        Files.writeString(far.resolve("d/e/f"), "F");
        Files.createSymbolicLink(far.resolve("d/up"), Path.of("../d/./e"));
        Files.createSymbolicLink(far.resolve("out"), Path.of("../here"));
        Files.createSymbolicLink(far.resolve("loop"), Path.of("loop"));
        works("get", "peer:d/up/f", here.toString());
        assertThat(here.resolve("f")).hasContent("F");
        works("put", here.resolve("f").toString(), "peer:d/up/g");
        works("mkdir", "peer:d/up/new");
        assertThat(far.resolve("d/e/g")).hasContent("F");
        assertThat(far.resolve("d/e/new")).isDirectory();
        fails(66, "leads out", "get", "peer:out/f", here.toString());
        fails(74, "circles", "get", "peer:loop/f", here.toString());
    }

    @Test
    @DisplayName("mkdir makes one, with -p all, and says what is there already")
    void makes() {
        fails(66, "peer:a", "mkdir", "peer:a/b/c");
        works("mkdir", "-p", "peer:a/b/c");
        works("mkdir", "-p", "peer:a/b/c", "peer:");
        fails(Failure.CANNOT_CREATE, "already", "mkdir", "peer:a");
        assertThat(far.resolve("a/b/c")).isDirectory();
    }

    @Test
    @DisplayName("a copy that fails leaves nothing under the final name, and no temporary file")
    void failsCleanly() throws IOException {
        Files.createDirectory(far.resolve("a"));
        Files.writeString(here.resolve("a"), "A");
        fails(Failure.CANNOT_CREATE, "is a directory", "put", "-r", here.resolve("a").toString(), "peer:");
        Files.createDirectory(here.resolve("x"));
        Files.writeString(far.resolve("x"), "X");
        fails(Failure.CANNOT_CREATE, "is a directory", "get", "peer:x", here.toString());
        assertThat(here.toFile().list()).containsExactlyInAnyOrder("a", "x");
        assertThat(far.toFile().list()).containsExactlyInAnyOrder("a", "x");
    }

    @Test
    @DisplayName("a file that is written over keeps none of its old content, and its link is replaced")
    void writesOver() throws IOException {
        Files.writeString(here.resolve("a"), "new");
        Files.writeString(far.resolve("a"), "old and longer");
        works("put", here.resolve("a").toString(), "peer:a");
        assertThat(far.resolve("a")).hasContent("new");
        works("put", here.resolve("a").toString(), "peer:");
        assertThat(far.toFile().list()).containsExactly("a");
        assertThat(Files.isRegularFile(far.resolve("a"), LinkOption.NOFOLLOW_LINKS)).isTrue();
    }

    @Test
    @DisplayName("a peer that has no socket, or one where nobody listens, is said to be so, with the ones there are")
    void noSocket() throws IOException {
        fails(Failure.UNAVAILABLE, "(sockets there: peer)", "ls", "nobody:x");
        assertThat(err).contains("there is no " + run.resolve("nobody.9p"), "'nobody'");
        try (ServerSocketChannel gone = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            gone.bind(UnixDomainSocketAddress.of(run.resolve("stale.9p")));
        }
        fails(Failure.UNAVAILABLE, "nobody listens at", "ls", "stale:", "stale:x");
        assertThat(err.lines()).as("said once").hasSize(1);
    }

    @Test
    @DisplayName("what is typed wrong is said to be so")
    void usage() {
        fails(Failure.USAGE, "names no peer", "ls", "notes");
        fails(Failure.USAGE, "Missing", "cat");
        fails(Failure.USAGE, "names no peer", "put", "a", "b");
        fails(Failure.USAGE, "comes last", "get", "peer:a", "peer:b");
        fails(Failure.USAGE, "has no name", "put", "-", "peer:");
        for (String command : List.of("ls", "stat", "cat", "get", "put", "mkdir", "rm")) {
            assertThat(type(command, "--help")).isZero();
            assertThat(out).contains("Example:", "ninetunnel " + command);
        }
    }

    @Test
    @DisplayName("cat writes bytes as they are, and ends as others do when nobody reads them")
    void cat() throws IOException, InterruptedException {
        byte[] data = new byte[1 << 20];
        new Random(1).nextBytes(data);
        Files.write(far.resolve("f"), data);
        Process all = start("cat", "peer:f");
        assertThat(all.getInputStream().readAllBytes()).isEqualTo(data);
        assertThat(all.waitFor()).isZero();
        Process some = start("cat", "peer:f");
        some.getInputStream().close();
        assertThat(new String(some.getErrorStream().readAllBytes(), StandardCharsets.UTF_8)).isEmpty();
        assertThat(some.waitFor()).isEqualTo(ClosedSinkException.EXIT_CODE);
    }

    private Process start(String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of(words));
        command.add("--run=" + run);
        command.add("--aname=" + diod.aname());
        return new ProcessBuilder(command).start();
    }

    @Test
    @DisplayName("the next get and put clear the parts away that a killed one has left, and no others")
    void clearParts() throws IOException {
        PartNames gone = new PartNames(PartNames.own().place(), Long.MAX_VALUE >> 24, _ -> false, Clock.systemUTC(),
                new Random(1));
        Files.writeString(far.resolve("a"), "a");
        Files.createDirectory(far.resolve("tree"));
        Files.createDirectory(here.resolve("tree"));
        String left = gone.next(Text.of("a")).toString();
        String used = PartNames.own().next(Text.of("a")).toString();
        for (Path directory : List.of(here, far, here.resolve("tree"), far.resolve("tree"))) {
            Files.writeString(directory.resolve(left), "left");
            Files.writeString(directory.resolve(used), "used");
        }
        works("get", "peer:a", here.toString());
        works("put", here.resolve("a").toString(), "peer:b");
        for (Path directory : List.of(here, far)) {
            assertThat(directory.resolve(left)).doesNotExist();
            assertThat(directory.resolve(used)).exists();
        }
        Files.delete(far.resolve("tree").resolve(left));
        works("get", "-r", "peer:tree", here.toString());
        assertThat(here.resolve("tree").resolve(left)).doesNotExist();
        Files.writeString(far.resolve("tree").resolve(left), "left");
        works("put", "-r", here.resolve("tree").toString(), "peer:");
        assertThat(far.resolve("tree").resolve(left)).doesNotExist();
        assertThat(far.resolve("tree").resolve(used)).exists();
    }

    @Test
    @DisplayName("holes stay holes both ways, wherever they are, and sizes and contents are right")
    void holes() throws IOException {
        long size = (64L << 20) + 4321;
        for (String kind : List.of("middle", "end", "only", "none")) {
            Path file = here.resolve(kind);
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                if (!kind.equals("only")) {
                    channel.write(ByteBuffer.wrap("begin".repeat(2000).getBytes(StandardCharsets.UTF_8)));
                }
                if (kind.equals("middle")) {
                    channel.write(ByteBuffer.wrap("end".getBytes(StandardCharsets.UTF_8)), size - 3);
                } else if (!kind.equals("none")) {
                    channel.write(ByteBuffer.wrap(new byte[1]), size - 1);
                }
            }
            works("put", file.toString(), "peer:" + kind);
            works("get", "peer:" + kind, here.resolve("back").toString());
            for (Path copy : List.of(far.resolve(kind), here.resolve("back"))) {
                assertThat(Files.mismatch(file, copy)).as("%s of %s", copy, kind).isEqualTo(-1);
                assertThat(kilobytesUsed(copy)).as("%s of %s", copy, kind).isLessThan(1024);
            }
        }
    }

    private static int kilobytesUsed(Path file) throws IOException {
        Process du = new ProcessBuilder("du", "-k", file.toString()).start();
        try (Scanner words = new Scanner(du.getInputStream(), StandardCharsets.UTF_8)) {
            return words.nextInt();
        }
    }

    @Test
    @DisplayName("a file from before 1970 with a fraction of a second keeps its mode, and its time to the second")
    void beforeTheEpoch() throws Exception {
        Path file = Files.writeString(far.resolve("old"), "old");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-x--x"));
        assertThat(new ProcessBuilder("touch", "-d", "1969-07-20 20:17:40.25Z", file.toString()).start().waitFor())
                .isZero();
        works("get", "peer:old", here.toString());
        Path copy = here.resolve("old");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy))).isEqualTo("rwxr-x--x");
        assertThat(Files.getLastModifiedTime(copy).toInstant()).isEqualTo(Instant.parse("1969-07-20T20:17:40Z"));
    }

    @Test
    @DisplayName("a new directory keeps the set-group-ID bit that it inherits, on both sides, as cp -r keeps it")
    void inheritedGroupBit() throws IOException {
        Files.createDirectories(far.resolve("tree/below"));
        Files.setPosixFilePermissions(far.resolve("tree/below"), PosixFilePermissions.fromString("rwxr-x---"));
        for (Path directory : List.of(here, far)) {
            Files.setAttribute(directory, "unix:mode", 02775);
        }
        works("get", "-r", "peer:tree", here.toString());
        works("put", "-r", here.resolve("tree").toString(), "peer:copy");
        for (Path copy : List.of(here.resolve("tree"), here.resolve("tree/below"), far.resolve("copy"),
                far.resolve("copy/below"))) {
            assertThat((Integer) Files.getAttribute(copy, "unix:mode") & 02000).as("%s", copy).isEqualTo(02000);
        }
        assertThat((Integer) Files.getAttribute(far.resolve("copy/below"), "unix:mode") & 07777).isEqualTo(02750);
    }
}
