package dev.ninetunnel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.cli.copy.PartNames;
import dev.ninetunnel.testing.CountingSocket;
import dev.ninetunnel.testing.Diod;
import dev.ninetunnel.testing.EndpointPair;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.Text;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("a copy that is made again")
class CopyAgainTest {
    private static final int MEBI = 1 << 20;
    private static final FileTime TIME = FileTime.from(Instant.parse("2001-09-09T01:46:40Z"));
    private static final PartNames GONE = new PartNames(PartNames.own().place(), Long.MAX_VALUE >> 24, _ -> false,
            Clock.systemUTC(), new Random(1));

    @TempDir
    private Path room;
    private String said = "";

    /** Types a command at the host with this run directory; what it says is kept. */
    private void works(Path run, String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.add("--run=" + run);
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), all.toArray(String[]::new));
        said = out + err.toString();
        assertThat(code).as(said).isZero();
    }

    private static byte[] noise(int bytes) {
        byte[] noise = new byte[bytes];
        new Random(7).nextBytes(noise);
        return noise;
    }

    /** As a killed run leaves it: the start of the content, and then something that never came to the disk. */
    private static Path part(Path directory, String of, byte[] content, int right, int length) throws IOException {
        byte[] part = Arrays.copyOf(Arrays.copyOf(content, right), length);
        return Files.write(directory.resolve(GONE.next(Text.of(of)).toString()), part);
    }

    private static long parts(Path directory) throws IOException {
        try (var all = Files.list(directory)) {
            return all.filter(file -> file.toString().endsWith(".part")).count();
        }
    }

    @Test
    @DisplayName("--checksum compares what is there, without reading it, and brings times in line")
    void checksum() throws Exception {
        try (EndpointPair pair = EndpointPair.linked(room)) {
            Path run = Files.createDirectory(room.resolve("run"));
            Path there = Files.createDirectories(room.resolve("south/tree"));
            Path here = Files.createDirectories(room.resolve("here/tree"));
            for (Path top : List.of(there, here)) {
                Files.write(top.resolve("same"), noise(40 * MEBI));
                Files.write(top.resolve("empty"), new byte[0]);
                Files.writeString(top.resolve("other"), top.equals(there) ? "there" : "here!");
                Files.setLastModifiedTime(top.resolve("other"), TIME);
            }
            Files.setLastModifiedTime(there.resolve("same"), TIME);
            try (CountingSocket counting = new CountingSocket(run.resolve("south.9p"), pair.southsFiles())) {
                works(run, "get", "-r", "--checksum", "--stats", "south:tree", here.getParent().toString());
                assertThat(said).contains("1 file, 5 B in", "2 files were there already");
                assertThat(here.resolve("other")).hasContent("there");
                assertThat(Files.getLastModifiedTime(here.resolve("same"))).isEqualTo(TIME);
                Files.writeString(here.resolve("other"), "newer");
                Files.setLastModifiedTime(here.resolve("other"), TIME);
                Files.setLastModifiedTime(here.resolve("same"), FileTime.from(Instant.EPOCH));
                works(run, "put", "-rc", "--stats", here.toString(), "south:");
                assertThat(said).contains("1 file, 5 B in", "2 files were there already");
                assertThat(there.resolve("other")).hasContent("newer");
                assertThat(Files.getLastModifiedTime(there.resolve("same"))).isEqualTo(FileTime.from(Instant.EPOCH));
                Map<MessageType, Integer> asked = asked(counting);
                assertThat(asked.get(MessageType.TCHECKSUM)).as("3 blocks and the small one, both ways").isEqualTo(8);
                assertThat(asked.get(MessageType.TREAD)).as("of the small file").isLessThanOrEqualTo(2);
            }
        }
    }

    private static Map<MessageType, Integer> asked(CountingSocket counting) {
        Map<MessageType, Integer> all = new EnumMap<>(MessageType.class);
        counting.connections().forEach(one -> one.forEach((type, count) -> all.merge(type, count, Integer::sum)));
        return all;
    }

    @Test
    @DisplayName("get and put go on with the part that a killed run has left, behind what is right of it")
    void goesOn() throws Exception {
        byte[] content = noise(18 * MEBI);
        try (EndpointPair pair = EndpointPair.linked(room)) {
            Path run = pair.southsFiles().getParent();
            Path there = room.resolve("south");
            Path here = Files.createDirectory(room.resolve("here"));
            Path big = Files.write(there.resolve("big"), content);
            part(here, "big", content, 17 * MEBI, 17 * MEBI);
            works(run, "get", "--stats", "south:big", here.toString());
            assertThat(said).contains("1 file, 1.0 MiB in");
            assertThat(here.resolve("big")).hasSameBinaryContentAs(big);
            part(there, "back", content, 16 * MEBI, 17 * MEBI);
            works(run, "put", "--stats", big.toString(), "south:back");
            assertThat(said).contains("1 file, 2.0 MiB in");
            assertThat(there.resolve("back")).hasSameBinaryContentAs(big);
            Path trees = Files.createDirectories(there.resolve("tree"));
            Files.write(trees.resolve("big"), content);
            Files.createDirectories(here.resolve("tree"));
            part(here.resolve("tree"), "big", content, 18 * MEBI, 19 * MEBI);
            works(run, "get", "-r", "--stats", "south:tree", here.toString());
            assertThat(said).contains("1 file, 0 B in");
            assertThat(here.resolve("tree/big")).hasSameBinaryContentAs(big);
            assertThat(List.of(parts(here), parts(there), parts(here.resolve("tree")))).containsOnly(0L);
        }
    }

    @Test
    @DisplayName("a part that is wrong, of another file, or has another name is not gone on with, and goes")
    void notWorth() throws Exception {
        byte[] content = noise(MEBI);
        try (EndpointPair pair = EndpointPair.linked(room)) {
            Path run = pair.southsFiles().getParent();
            Path here = Files.createDirectory(room.resolve("here"));
            Path big = Files.write(room.resolve("south/big"), content);
            part(here, "big", new byte[0], 0, MEBI);
            part(here, "other", content, MEBI, MEBI);
            works(run, "get", "--stats", "south:big", here.toString());
            assertThat(said).contains("1 file, 1.0 MiB in");
            assertThat(here.resolve("big")).hasSameBinaryContentAs(big);
            for (Path directory : List.of(here, room.resolve("south"))) {
                Path mine = Files.write(directory.resolve("mine"), Arrays.copyOf(content, MEBI / 2));
                Files.createLink(directory.resolve(GONE.next(Text.of("big")).toString()), mine);
            }
            works(run, "get", "south:big", here.toString());
            works(run, "put", here.resolve("big").toString(), "south:");
            for (Path directory : List.of(here, room.resolve("south"))) {
                assertThat(directory.resolve("mine")).hasSize(MEBI / 2);
                assertThat(parts(directory)).isZero();
                assertThat(directory.resolve("big")).hasBinaryContent(content);
            }
        }
    }

    @Test
    @DisplayName("another server's files are read to be compared, and parts there are made anew")
    void otherServers() throws IOException {
        byte[] content = noise(MEBI);
        Path far = Files.createDirectory(room.resolve("far"));
        Path run = Files.createDirectory(room.resolve("run"));
        Path here = Files.createDirectories(room.resolve("here"));
        try (Diod diod = Diod.serve(far, Files.createDirectory(room.resolve("diod")))) {
            Files.createSymbolicLink(run.resolve("peer.9p"), diod.address().getPath());
            Path tree = Files.createDirectory(far.resolve("tree"));
            Files.write(tree.resolve("same"), content);
            Files.writeString(tree.resolve("other"), "there");
            works(run, "get", "-r", "peer:tree", here.toString(), "--aname=" + diod.aname());
            Files.setLastModifiedTime(tree.resolve("same"), TIME);
            FileTime time = Files.getLastModifiedTime(tree.resolve("other"));
            Files.writeString(tree.resolve("other"), "newer");
            Files.setLastModifiedTime(tree.resolve("other"), time);
            works(run, "get", "-rc", "--stats", "peer:tree", here.toString(), "--aname=" + diod.aname());
            assertThat(said).contains("1 file, 5 B in", "; 1 file was there already");
            assertThat(here.resolve("tree/other")).hasContent("newer");
            part(far, "big", content, MEBI / 2, MEBI / 2);
            works(run, "put", here.resolve("tree/same").toString(), "peer:big", "--aname=" + diod.aname());
            assertThat(far.resolve("big")).hasBinaryContent(content);
            assertThat(parts(far)).isZero();
        }
    }

    @Test
    @DisplayName("the holes of an endpoint's file are not sent, and are holes again")
    void holes() throws Exception {
        try (EndpointPair pair = EndpointPair.linked(room)) {
            Path run = Files.createDirectory(room.resolve("run"));
            Path here = Files.createDirectory(room.resolve("here"));
            Path sparse = room.resolve("south/sparse");
            try (RandomAccessFile file = new RandomAccessFile(sparse.toFile(), "rw")) {
                file.write(noise(5000));
                file.seek(20L * MEBI + 1);
                file.write(noise(3 * MEBI));
                file.setLength(48L * MEBI + 17);
            }
            try (CountingSocket counting = new CountingSocket(run.resolve("south.9p"), pair.southsFiles())) {
                works(run, "get", "south:sparse", here.toString());
                assertThat(Files.mismatch(sparse, here.resolve("sparse"))).isEqualTo(-1);
                assertThat(asked(counting).get(MessageType.TREAD)).as("3 MiB, and a few").isLessThan(40);
            }
        }
    }
}
