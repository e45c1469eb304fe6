package dev.ninetunnel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ninetunnel.export.Export;
import dev.ninetunnel.export.ExportOptions;
import dev.ninetunnel.fs.filter.NamePattern;
import dev.ninetunnel.testing.EndpointPair;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("sync")
class SyncCommandTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private Path room;
    private EndpointPair pair;
    private Path there;
    private Path here;
    private String said = "";

    @BeforeEach
    void link() throws Exception {
        pair = EndpointPair.linked(room);
        there = Files.createDirectories(room.resolve("south/tree"));
        here = Files.createDirectory(room.resolve("here"));
    }

    @AfterEach
    void close() {
        pair.close();
    }

    private int type(StringWriter out, String... words) {
        String[] all = Stream.concat(Stream.of(words), Stream.of("--run=" + pair.southsFiles().getParent()))
                .toArray(String[]::new);
        return Main.run(new PrintWriter(out, true), new PrintWriter(out, true), all);
    }

    /** But for that it waits, which a busy machine has it say. */
    private static String said(StringWriter out) {
        return out.toString().lines().filter(line -> !line.startsWith("waiting for "))
                .collect(Collectors.joining("\n"));
    }

    private int type(String... words) {
        StringWriter out = new StringWriter();
        int code = type(out, words);
        said = said(out);
        return code;
    }

    @Test
    @DisplayName("makes either side like the other, removes with --delete, and says before what it would do")
    void oneWay() throws IOException {
        Files.writeString(Files.createDirectories(there.resolve("below/deep")).resolve("f"), "there");
        Files.writeString(here.resolve("mine"), "mine");
        assertThat(type("sync", "south:tree", here.toString())).as(said).isZero();
        assertThat(here.resolve("below/deep/f")).hasContent("there");
        assertThat(here.resolve("mine")).as("without --delete").exists();
        assertThat(type("sync", "-n", "--delete", "south:tree", here.toString())).isZero();
        assertThat(said).isEqualToIgnoringNewLines("would remove " + here.resolve("mine"));
        assertThat(type("sync", "--delete", "south:tree", here.toString())).isZero();
        assertThat(here.resolve("mine")).doesNotExist();

        Files.writeString(here.resolve("below/new"), "new");
        Files.delete(here.resolve("below/deep/f"));
        assertThat(type("sync", "--delete", here.toString(), "south:tree")).as(said).isZero();
        assertThat(there.resolve("below/new")).hasContent("new");
        assertThat(there.resolve("below/deep")).isEmptyDirectory();
        assertThat(type("sync", here.toString(), "south:copy")).as(said).isZero();
        assertThat(room.resolve("south/copy/below/new")).hasContent("new");
    }

    @Test
    @DisplayName("where both sides were changed, the later file in the target stays and is told of, unless told to --overwrite")
    void bothChanged() throws IOException {
        for (Path top : List.of(there, here)) {
            Files.writeString(top.resolve("f"), top.equals(here) ? "changed here" : "changed there, later");
            Files.writeString(top.resolve("g"), top.equals(here) ? "newest" : "older, and longer");
        }
        Files.setLastModifiedTime(here.resolve("f"), FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
        Files.setLastModifiedTime(there.resolve("g"), FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
        assertThat(type("sync", here.toString(), "south:tree")).isEqualTo(Failure.CANNOT_CREATE);
        assertThat(said.lines()).singleElement().asString()
                .contains("south:tree/f: was changed later", "--overwrite");
        assertThat(there.resolve("f")).hasContent("changed there, later");
        assertThat(there.resolve("g")).as("the rest is done").hasContent("newest");
        assertThat(type("sync", "--overwrite", here.toString(), "south:tree")).as(said).isZero();
        assertThat(there.resolve("f")).hasContent("changed here");
    }

    @Test
    @DisplayName("a name that the other side cannot have is told of, and the rest is done")
    void impossibleName() throws Exception {
        pair.close();
        Export choosy = new Export("south", new Export.Target.Directory(room.resolve("south"),
                ExportOptions.ALL.withHidden(List.of(NamePattern.parse("*.key")))));
        pair = new EndpointPair(room, List.of(), List.of(choosy));
        pair.link();
        Files.writeString(here.resolve("a.key"), "a");
        Files.writeString(Files.createDirectory(here.resolve("below")).resolve("b.key"), "b");
        Files.writeString(here.resolve("below/f"), "f");
        assertThat(type("sync", here.toString(), "south:tree")).isNotZero();
        assertThat(said.lines()).hasSize(2).anyMatch(line -> line.contains("tree/a.key: "))
                .anyMatch(line -> line.contains("tree/below/b.key: "));
        assertThat(there.resolve("below/f")).hasContent("f");
    }

    @Test
    @DisplayName("what is no pair of a directory here and one of a peer is refused")
    void usage() throws IOException {
        assertThat(type("sync", "south:a", "south:b")).isEqualTo(Failure.USAGE);
        assertThat(type("sync", here.toString(), there.toString())).isEqualTo(Failure.USAGE);
        Files.writeString(there.resolve("f"), "f");
        assertThat(type("sync", "south:tree/f", here.toString())).isEqualTo(Failure.NO_INPUT);
        assertThat(type("sync", there.resolve("f").toString(), "south:tree")).isEqualTo(Failure.NO_INPUT);
        assertThat(type("sync", "south:tree", here.resolve("no/such").toString())).isEqualTo(Failure.CANNOT_CREATE);
    }

    @Test
    @DisplayName("--watch brings what changes here, in new directories too, and more at once than can be told of")
    void watchHere() throws Exception {
        Files.writeString(here.resolve("first"), "1");
        StringWriter out = new StringWriter();
        Thread watching = Thread.ofPlatform().start(
                () -> type(out, "sync", "--watch", "--delete", here.toString(), "south:tree"));
        await().atMost(PATIENCE).until(() -> Files.exists(there.resolve("first")));
        Files.writeString(here.resolve("first"), "changed");
        await().atMost(PATIENCE).until(() -> Files.readString(there.resolve("first")).equals("changed"));
        Path below = Files.createDirectories(here.resolve("new/below"));
        Files.writeString(below.resolve("f"), "f");
        Files.delete(here.resolve("first"));
        await().atMost(PATIENCE).until(
                () -> Files.exists(there.resolve("new/below/f")) && Files.notExists(there.resolve("first")));
        for (int i = 0; i < 600; i++) { // 512 are told of
            Files.createFile(below.resolve("f" + i));
        }
        await().atMost(PATIENCE).until(() -> count(there.resolve("new/below")) == 601);
        watching.interrupt();
        watching.join();
        assertThat(said(out)).isEmpty();
    }

    private static long count(Path directory) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(file -> !file.toString().endsWith(".part")).count();
        }
    }

    @Test
    @DisplayName("--watch is told by a peer what changes in its directory, however seldom it looks again")
    void toldThere() throws Exception {
        Files.writeString(Files.createDirectories(there.resolve("a/b")).resolve("f"), "f");
        StringWriter out = new StringWriter();
        Thread watching = Thread.ofPlatform().start(
                () -> type(out, "sync", "--watch", "--delete", "--every=86400", "south:tree", here.toString()));
        await().atMost(PATIENCE).until(() -> Files.exists(here.resolve("a/b/f")));
        Files.writeString(there.resolve("a/b/f"), "changed");
        await().atMost(PATIENCE).until(() -> Files.readString(here.resolve("a/b/f")).equals("changed"));
        Files.writeString(Files.createDirectories(there.resolve("a/new/below")).resolve("g"), "g");
        await().atMost(PATIENCE).until(() -> Files.exists(here.resolve("a/new/below/g")));
        Files.move(there.resolve("a/new"), there.resolve("moved"));
        Files.delete(there.resolve("a/b/f"));
        await().atMost(PATIENCE).until(() -> Files.exists(here.resolve("moved/below/g"))
                && Files.notExists(here.resolve("a/new")) && Files.notExists(here.resolve("a/b/f")));
        watching.interrupt();
        watching.join();
        assertThat(said(out)).isEmpty();
    }

    @Test
    @DisplayName("--watch waits as long as it was told before another try where a peer has refused it, and tells that once")
    void refusedThere() throws Exception {
        StringWriter out = new StringWriter();
        Thread watching = Thread.ofPlatform().start(() -> type(out, "sync", "--watch", "--every=86400",
                "--aname=no-such-export", "south:tree", here.toString()));
        await().atMost(PATIENCE).until(() -> Stream.of(watching.getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals("sleep")));
        watching.interrupt();
        watching.join();
        assertThat(said(out).lines()).singleElement().asString().contains("no-such-export");
    }

    @Test
    @DisplayName("--watch looks at a peer's directory again, and tells once what cannot be copied")
    void watchThere() throws Exception {
        Files.createDirectory(there.resolve("x"));
        Files.writeString(here.resolve("x"), "a file where a directory would be");
        StringWriter out = new StringWriter();
        Thread watching = Thread.ofPlatform().start(
                () -> type(out, "sync", "--watch", "--every=1", "south:tree", here.toString()));
        for (String content : List.of("one", "second")) {
            Files.writeString(there.resolve("f"), content);
            await().atMost(PATIENCE).until(
                    () -> Files.exists(here.resolve("f")) && Files.readString(here.resolve("f")).equals(content));
        }
        watching.interrupt();
        watching.join();
        assertThat(out.toString().lines().filter(line -> line.contains("x: is no directory"))).hasSize(1);
    }
}
