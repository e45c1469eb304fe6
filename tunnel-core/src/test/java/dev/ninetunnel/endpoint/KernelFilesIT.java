package dev.ninetunnel.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.cache.behind.WriteBehind;
import dev.ninetunnel.testing.EndpointPair;
import dev.ninetunnel.testing.FileWork;
import dev.ninetunnel.testing.KernelClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Programs that people rely on, in the Linux kernel's mounts of the far side's files. {@code /mnt/a} is mounted as the
 * test says, {@code /mnt/b} is a second mount of the same files that caches nothing.
 */
@Execution(ExecutionMode.CONCURRENT)
class KernelFilesIT {
    private static final String PLAIN = "version=9p2000,noextend";

    @TempDir
    private Path folder;

    private void inGuest(KernelClient kernel, String options, String script) throws Exception {
        inGuest(EndpointConfig.Limits.DEFAULT, kernel, options, script);
    }

    private void inGuest(EndpointConfig.Limits limits, KernelClient kernel, String options, String script)
            throws Exception {
        try (EndpointPair pair = new EndpointPair(folder, List.of(),
                List.of(EndpointPair.directory(folder.resolve("south"))), limits)) {
            pair.link();
            kernel.run("""
                    mount9p 5640 /mnt/b version=9p2000.L,access=any
                    mount9p 5640 /mnt/a %s
                    %s
                    cd /; umount /mnt/a /mnt/b
                    """.formatted(options, script), pair.southsFiles());
            assertThat(folder.resolve("south")).isEmptyDirectory();
            pair.awaitNothingLeft();
        }
    }

    private static String linux(String cache) {
        return "version=9p2000.L,access=any,cache=" + cache;
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "loose", "mmap"})
    void filesInAMountOf9P2000LKeepTheRulesThatProgramsRelyOn(String cache) throws Exception {
        inGuest(new KernelClient(folder).with("python3").bring("file-rules.py"), linux(cache),
                "python3 /tmp/in/file-rules.py /mnt/a L" + cache + " /mnt/b");
    }

    @Test
    void filesKeepTheirRulesAndContentWhereAKernelsWritesAreWrittenBehind() throws Exception {
        inGuest(EndpointConfig.Limits.DEFAULT.withWriteBehind(WriteBehind.ALL),
                new KernelClient(folder).with("python3", "fio", "sqlite3").bring("file-rules.py"), linux("none"),
                "python3 /tmp/in/file-rules.py /mnt/a Lnone /mnt/b\n"
                        + FileWork.fio("random --rw=randrw --size=1m --numjobs=2 --bsrange=512-64k")
                        + "set -- delete /mnt/b\n" + FileWork.SQLITE);
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"none", "loose", "mmap"})
    void filesKeepTheirRulesWhereTheEndpointKeepsNothing(String cache) throws Exception {
        inGuest(EndpointConfig.Limits.DEFAULT.withCache(0),
                new KernelClient(folder).with("python3").bring("file-rules.py"), linux(cache),
                "python3 /tmp/in/file-rules.py /mnt/a L" + cache + " /mnt/b");
    }

    @Test
    void filesInAMountOf9P2000KeepTheRulesThatProgramsRelyOn() throws Exception {
        inGuest(new KernelClient(folder).with("python3").bring("file-rules.py"), PLAIN,
                "python3 /tmp/in/file-rules.py /mnt/a P /mnt/a");
    }

    @Test
    void tarPutsATreeInAndTakesItOutWithEveryAttribute() throws Exception {
        inGuest(new KernelClient(folder), linux("none"), FileWork.TAR);
    }

    @Test
    void sqliteMakesADatabaseThatAnotherMountFindsWhole() throws Exception {
        inGuest(new KernelClient(folder).with("sqlite3"), linux("none"), "set -- delete /mnt/b\n" + FileWork.SQLITE);
    }

    @Test
    void sqliteKeepsAWriteAheadLogWhereTheMountCanShareMemory() throws Exception {
        inGuest(new KernelClient(folder).with("sqlite3"), linux("mmap"), "set -- wal /mnt/a\n" + FileWork.SQLITE);
    }

    @Test
    void fioFindsWhatItWroteAtRandom() throws Exception {
        inGuest(new KernelClient(folder).with("fio"), linux("none"),
                FileWork.fio("random --rw=randrw --size=2m --numjobs=2"
                        + " --bsrange=512-64k"));
    }

    @Test
    void gitClonesPacksAndChecks() throws Exception {
        inGuest(new KernelClient(folder).with("git"), linux("mmap"), FileWork.GIT);
    }

    /** Tar in a mount that caches nothing, and git in one that maps files, have tests of their own above. */
    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"none", "loose", "mmap"})
    void programsThatVerifyTheirFilesFindThemWhole(String cache) throws Exception {
        String mapped = cache.equals("none")
                ? ""
                : FileWork.fio("mapped --rw=randwrite --size=4m --bs=4k --ioengine=mmap");
        inGuest(new KernelClient(folder).with("fio", "git", "dbench", "sqlite3"), linux(cache),
                Stream.of(FileWork.RANDOM, FileWork.SEQUENTIAL, mapped, cache.equals("none") ? "" : FileWork.TAR,
                        cache.equals("mmap") ? "" : FileWork.GIT, "set -- delete /mnt/a\n" + FileWork.SQLITE,
                        FileWork.DBENCH)
                        .collect(Collectors.joining("\n")));
    }

    @Tag("long")
    @Test
    void programsThatVerifyTheirFilesFindThemWholeIn9P2000() throws Exception {
        inGuest(new KernelClient(folder).with("fio", "git", "dbench", "sqlite3"), PLAIN,
                Stream.of(FileWork.RANDOM, FileWork.SEQUENTIAL, FileWork.PLAIN_TAR, FileWork.GIT,
                        "set -- delete /mnt/a\n" + FileWork.SQLITE, FileWork.DBENCH)
                        .collect(Collectors.joining("\n")));
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"version=9p2000.L,access=any,cache=none", "version=9p2000.L,access=any,cache=loose",
            "version=9p2000.L,access=any,cache=mmap", PLAIN})
    void aDirectoryOf10000FilesIsListedWholeWhileHalfAreRemoved(String options) throws Exception {
        Path many = Files.createDirectories(folder.resolve("south/many"));
        for (int i = 0; i < 10_000; i++) {
            Files.createFile(many.resolve("a file with the number " + i));
        }
        KernelClient kernel = new KernelClient(folder).with("python3");
        try (EndpointPair pair = EndpointPair.linked(folder)) {
            kernel.run("""
                    mount9p 5640 /mnt/a %s
                    cat >/tmp/list.py <<'EOF'
                    import os
                    os.chdir('/mnt/a/many')
                    seen = []
                    for entry in os.scandir('.'):
                        seen.append(entry.name)
                        if int(entry.name.split()[-1]) %% 2:
                            os.unlink(entry.name)
                    assert len(seen) == len(set(seen)) == 10000, len(seen)
                    assert len(os.listdir('.')) == 5000
                    EOF
                    python3 /tmp/list.py
                    umount /mnt/a
                    """.formatted(options), pair.southsFiles());
            try (var left = Files.list(many)) {
                assertThat(left).hasSize(5_000);
            }
            pair.awaitNothingLeft();
        }
    }
}
