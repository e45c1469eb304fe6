package dev.ninetunnel.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.testing.EndpointPair;
import dev.ninetunnel.testing.KernelClient;
import java.nio.file.Files;
import java.nio.file.Path;
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
    /** All attributes of a tree, as tar sees them, in one order. */
    private static final String TAR = """
            mkdir /tmp/source; cd /tmp/source
            base=$(dirname "$(find /usr/lib -path '*perl-base/strict.pm')")
            mkdir tree; cp -a $base/*.pm $base/IO $base/File tree
            chmod 4751 tree/strict.pm; chown 77:88 tree/warnings.pm; touch -d '1999-01-01 00:00:01' tree/strict.pm
            ln -s nowhere tree/symlink; ln tree/strict.pm tree/hard; mkfifo tree/fifo; mknod tree/null c 1 3
            tar --sort=name -cf /tmp/first.tar tree
            tar -xpf /tmp/first.tar -C /mnt/a
            tar -df /tmp/first.tar -C /mnt/a
            tar --sort=name -cf /tmp/second.tar -C /mnt/a tree
            for tar in first second; do
                tar -tvf /tmp/$tar.tar | tr -s ' ' >/tmp/$tar
            done
            diff /tmp/first /tmp/second
            rm -r /mnt/a/tree
            """;

    /** $1 is a journal mode, $2 the mount that looks at the database afterwards. */
    private static final String SQLITE = """
            sqlite3 /mnt/a/db "pragma journal_mode=$1; create table t(a integer primary key, b text);
                begin;
                with recursive c(x) as (select 1 union all select x + 1 from c where x < 3000)
                insert into t select x, hex(randomblob(100)) from c;
                commit;
                create index i on t(b); delete from t where a % 3 = 0; vacuum;"
            [ "$(sqlite3 $2/db 'select count(*) from t; pragma integrity_check' | tr '\\n' ' ')" = "2000 ok " ]
            rm /mnt/a/db*
            """;

    private static final String GIT = """
            export GIT_CONFIG_GLOBAL=/tmp/gitconfig
            git config --global user.email somebody@example.org; git config --global user.name somebody
            git config --global --add safe.directory '*'; git config --global init.defaultBranch main
            git init -q /tmp/origin; cd /tmp/origin
            base=$(dirname "$(find /usr/lib -path '*perl-base/strict.pm')")
            cp -r $base/*.pm $base/IO $base/File .
            git add .; git commit -qm one; echo more >>strict.pm; git commit -qam two
            git clone -q --no-hardlinks /tmp/origin /mnt/a/clone; cd /mnt/a/clone
            [ -z "$(git status --porcelain)" ]
            git checkout -q HEAD~1; git checkout -q main; echo third >>strict.pm; git commit -qam three
            git gc -q; git fsck --full --strict --no-progress
            [ "$(git log --oneline | wc -l)" = 3 ]
            cd /; rm -r /mnt/a/clone
            """;

    /**
     * What 9P2000 has of a tree: files and directories, their permissions, and times in seconds. Tar does not set what it
     * believes to have made already, but open(5) limits the permissions of a new file by those of its directory.
     */
    private static final String PLAIN_TAR = """
            rm -rf /tmp/source; mkdir /tmp/source; cd /tmp/source
            base=$(dirname "$(find /usr/lib -path '*perl-base/strict.pm')")
            mkdir tree; cp -aL $base/*.pm $base/IO $base/File tree; chmod -R u+w tree; chmod 751 tree/strict.pm
            find tree -exec touch -d '1999-01-01 00:00:01' {} +
            tar --sort=name --owner=root --group=root -cf /tmp/first.tar tree
            tar --no-same-owner -xpf /tmp/first.tar -C /mnt/a
            find tree -printf '%m %p\\n' | while read -r mode file; do chmod $mode "/mnt/a/$file"; done
            tar --sort=name --owner=root --group=root -cf /tmp/second.tar -C /mnt/a tree
            cmp /tmp/first.tar /tmp/second.tar
            rm -r /mnt/a/tree
            """;

    private static final String DBENCH = """
            mkdir /mnt/a/dbench; dbench -t 5 -D /mnt/a/dbench 3 >/tmp/out || { cat /tmp/out; exit 1; }
            rm -r /mnt/a/dbench
            """;

    private static final String RANDOM = fio("random --rw=randrw --size=4m --numjobs=3 --bsrange=512-64k");

    /** Together more than the 16 MiB that a session keeps at most of what is not acknowledged. */
    private static final String SEQUENTIAL = fio("sequential --rw=write --size=12m --numjobs=2 --bs=1m");

    private static final String PLAIN = "version=9p2000,noextend";

    @TempDir
    private Path folder;

    private void inGuest(KernelClient kernel, String options, String script) throws Exception {
        try (EndpointPair pair = EndpointPair.linked(folder)) {
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
    void filesInAMountOf9P2000KeepTheRulesThatProgramsRelyOn() throws Exception {
        inGuest(new KernelClient(folder).with("python3").bring("file-rules.py"), PLAIN,
                "python3 /tmp/in/file-rules.py /mnt/a P /mnt/a");
    }

    @Test
    void tarPutsATreeInAndTakesItOutWithEveryAttribute() throws Exception {
        inGuest(new KernelClient(folder), linux("none"), TAR);
    }

    @Test
    void sqliteMakesADatabaseThatAnotherMountFindsWhole() throws Exception {
        inGuest(new KernelClient(folder).with("sqlite3"), linux("none"), "set -- delete /mnt/b\n" + SQLITE);
    }

    @Test
    void sqliteKeepsAWriteAheadLogWhereTheMountCanShareMemory() throws Exception {
        inGuest(new KernelClient(folder).with("sqlite3"), linux("mmap"), "set -- wal /mnt/a\n" + SQLITE);
    }

    @Test
    void fioFindsWhatItWroteAtRandom() throws Exception {
        inGuest(new KernelClient(folder).with("fio"), linux("none"), fio("random --rw=randrw --size=2m --numjobs=2"
                + " --bsrange=512-64k"));
    }

    @Test
    void gitClonesPacksAndChecks() throws Exception {
        inGuest(new KernelClient(folder).with("git"), linux("mmap"), GIT);
    }

    /** Tar in a mount that caches nothing, and git in one that maps files, have tests of their own above. */
    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"none", "loose", "mmap"})
    void programsThatVerifyTheirFilesFindThemWhole(String cache) throws Exception {
        String mapped = cache.equals("none") ? "" : fio("mapped --rw=randwrite --size=4m --bs=4k --ioengine=mmap");
        inGuest(new KernelClient(folder).with("fio", "git", "dbench", "sqlite3"), linux(cache),
                Stream.of(RANDOM, SEQUENTIAL, mapped, cache.equals("none") ? "" : TAR,
                        cache.equals("mmap") ? "" : GIT, "set -- delete /mnt/a\n" + SQLITE, DBENCH)
                        .collect(Collectors.joining("\n")));
    }

    @Tag("long")
    @Test
    void programsThatVerifyTheirFilesFindThemWholeIn9P2000() throws Exception {
        inGuest(new KernelClient(folder).with("fio", "git", "dbench", "sqlite3"), PLAIN,
                Stream.of(RANDOM, SEQUENTIAL, PLAIN_TAR, GIT, "set -- delete /mnt/a\n" + SQLITE, DBENCH)
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

    private static String fio(String options) {
        String name = options.substring(0, options.indexOf(' '));
        return """
                fio --name=%s --directory=/mnt/a --verify=crc32c --do_verify=1 --verify_fatal=1 --end_fsync=1 \\
                    --minimal --eta=never --output=/tmp/fio%s || { cat /tmp/fio; exit 1; }
                rm /mnt/a/%s.*
                """.formatted(name, options.substring(name.length()), name);
    }
}
