package dev.ninetunnel.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.testing.CountingSocket;
import dev.ninetunnel.testing.EndpointPair;
import dev.ninetunnel.testing.KernelClient;
import dev.ninetunnel.wire.MessageType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What docs/mounting.md says of the options of Linux's 9p client, held against the kernel that the tests have. */
@Execution(ExecutionMode.CONCURRENT)
class KernelMountOptionsIT {
    private static final int MIB = 1 << 20;
    private static final int FILES = 20;

    /** {@code $1} is the mode; each line of {@code each} has a mount of its own. {@code /mnt/b} sees what is really there. */
    private static final String SCRIPT = """
            mount9p 5640 /mnt/b version=9p2000.L,access=any
            each() { mount9p 5641 /mnt/a version=9p2000.L,access=any,cache=$mode,msize=1048576; bash -euc "$1"; umount /mnt/a; }
            map='import mmap,os; f=os.open("/mnt/a/map",os.O_RDWR|os.O_CREAT); os.ftruncate(f,4096); m=mmap.mmap(f,4096)
            m[0:2]=b"hi"; m.flush(); assert open("/mnt/b/map","rb").read(2)==b"hi"'
            for mode in none mmap loose; do
                each 'dd if=/dev/zero of=/mnt/a/written bs=1M count=8 conv=fsync status=none'
                each 'cat /mnt/a/large >/dev/null; cat /mnt/a/large >/dev/null'
                each 'ls -l /mnt/a/many >/dev/null; ls -l /mnt/a/many >/dev/null'
                each "python3 -c '$map' 2>/dev/null && echo maps $mode || echo does not map $mode"
                each 'sqlite3 /mnt/a/db "pragma journal_mode=wal; create table t(a); insert into t values(7); select a from t" \\
                        2>/dev/null | grep -q 7 && echo wal '$mode' || echo no wal '$mode'; rm -f /mnt/a/db*'
                each 'cat /mnt/a/changing >/dev/null; stat /mnt/a/changing >/dev/null; echo longer >/mnt/b/changing
                        grep -q longer /mnt/a/changing && echo sees '$mode' || echo stale '$mode'; echo old >/mnt/b/changing'
            done
            umount /mnt/b
            """;

    @TempDir
    private Path folder;

    /** What was counted of one mount. */
    private record Mounts(List<Map<MessageType, Integer>> all) {
        int count(String mode, int line, MessageType type) {
            return all.get(List.of("none", "mmap", "loose").indexOf(mode) * 6 + line).getOrDefault(type, 0);
        }
    }

    @Test
    void eachCacheModeAsksForWhatTheDocumentsSay() throws Exception {
        KernelClient kernel = new KernelClient(folder).with("python3", "sqlite3");
        try (EndpointPair pair = EndpointPair.linked(folder);
                CountingSocket counted = new CountingSocket(folder.resolve("counted"), pair.southsFiles())) {
            Path south = folder.resolve("south");
            Files.write(south.resolve("large"), new byte[8 * MIB]);
            Files.writeString(south.resolve("changing"), "old\n");
            Path many = Files.createDirectory(south.resolve("many"));
            for (int i = 0; i < FILES; i++) {
                Files.createFile(many.resolve("f" + i));
            }
            String said = kernel.run(SCRIPT, pair.southsFiles(), counted.path()).strip();
            assertThat(said.lines()).containsExactlyInAnyOrder("does not map none", "no wal none", "sees none",
                    "maps mmap",
                    "wal mmap", "sees mmap", "maps loose", "wal loose", "stale loose");
            check(new Mounts(counted.connections()));
        }
    }

    private static void check(Mounts mounts) {
        assertThat(mounts.count("none", 0, MessageType.TWRITE)).as("8 MiB written, 1 MiB at a time").isEqualTo(16);
        assertThat(mounts.count("mmap", 0, MessageType.TWRITE)).isEqualTo(16);
        assertThat(mounts.count("loose", 0, MessageType.TWRITE)).as("the same in pages").isEqualTo(2048);
        assertThat(mounts.count("none", 1, MessageType.TREAD)).as("8 MiB read twice, 128 KiB at a time").isBetween(128,
                132);
        assertThat(mounts.count("loose", 1, MessageType.TREAD)).as("the same ahead, and but once").isLessThan(12);
        int listed = mounts.count("none", 2, MessageType.TGETATTR);
        assertThat(listed).as("attributes of %d files, twice", FILES).isGreaterThan(4 * FILES);
        assertThat(mounts.count("loose", 2, MessageType.TGETATTR)).as("the same, but once").isLessThan(listed / 4);
        assertThat(mounts.count("loose", 2, MessageType.TXATTRWALK))
                .as("what no cache keeps: 2 for each file, each time")
                .isEqualTo(mounts.count("none", 2, MessageType.TXATTRWALK)).isGreaterThanOrEqualTo(4 * FILES);
    }
}
