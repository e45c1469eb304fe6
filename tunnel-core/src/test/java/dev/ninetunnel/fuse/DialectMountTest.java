package dev.ninetunnel.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ninetunnel.client.Offer;
import dev.ninetunnel.wire.Dialect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Mounts of servers that speak less than 9P2000.L: what the dialect has works, what it lacks is refused. */
class DialectMountTest {
    /** So small that a read of the kernel takes several messages. */
    private static final int MSIZE = 8192 + 24;

    @TempDir
    private Path folder;
    private Path served;
    private ForeignServer server;
    private TestMount mount;

    @BeforeEach
    void serve() throws Exception {
        assumeTrue(Files.isWritable(Path.of("/dev/fuse")), "SKIPPED: this user may not open /dev/fuse");
        served = Files.createDirectory(folder.resolve("served"));
        server = new ForeignServer(folder.resolve("socket"), served, MSIZE);
    }

    @AfterEach
    void end() throws Exception {
        if (mount != null) {
            mount.close();
        }
        if (server != null) {
            server.close();
        }
    }

    private String sh(Dialect dialect, String script) throws Exception {
        if (mount == null) {
            mount = new TestMount(folder.resolve("socket"), folder.resolve("mnt"), Offer.of(dialect), Optional.empty());
        }
        return mount.sh(script);
    }

    @ParameterizedTest
    @EnumSource(names = {"PLAIN", "UNIX"})
    void filesAreMadeWrittenReadRenamedAndRemoved(Dialect dialect) throws Exception {
        assertThat(sh(dialect, """
                mkdir d && echo hello > d/f && cat d/f && mv d/f d/g && ls d && mv d/g h && cat h && rmdir d
                echo new > n && mv n h && cat h && ls -A
                rmdir h; rm h && cat h; ls -A""")).isEqualTo("""
                hello
                g
                hello
                new
                h
                rmdir: failed to remove 'h': Not a directory
                cat: h: No such file or directory
                exit 0""");
    }

    @ParameterizedTest
    @EnumSource(names = {"PLAIN", "UNIX"})
    void dataThatTakeManyMessagesArriveWhole(Dialect dialect) throws Exception {
        assertThat(sh(dialect, "head -c 300001 /dev/urandom > f && sha256sum < f && sha256sum < " + served.resolve("f")
                + "; printf %s more >> f; wc -c < f").lines().distinct()).hasSize(3).contains("300005");
    }

    @ParameterizedTest
    @EnumSource(names = {"PLAIN", "UNIX"})
    void modesTimesAndSizesAreChangedByWstat(Dialect dialect) throws Exception {
        assertThat(sh(dialect, """
                umask 022; echo 0123456789 > f; mkdir d; chmod 640 f; chmod 711 d; truncate -s 4 f
                touch -d @1000000000 f; stat -c '%n %a %s %Y' f; stat -c '%a' d; cat f; : > f; stat -c %s f
                python3 -c "import os; os.fsync(os.open('f', os.O_RDWR)); os.fsync(os.open('d', os.O_RDONLY))"
                stat -f -c %l .""")).isEqualTo("f 640 4 1000000000\n711\n01230\n255\nexit 0");
    }

    @ParameterizedTest
    @EnumSource(names = {"PLAIN", "UNIX"})
    void longDirectoriesAreListedWholeAndFromAnywhere(Dialect dialect) throws Exception {
        for (int i = 0; i < 500; i++) {
            Files.createFile(served.resolve("file-with-a-name-that-takes-some-room-" + i));
        }
        assertThat(sh(dialect, """
                ls -a | wc -l; ls -l | grep -c '^-'
                python3 - <<END
                import ctypes, os
                libc = ctypes.CDLL(None, use_errno=True)
                libc.opendir.restype = libc.readdir.restype = ctypes.c_void_p
                libc.telldir.restype = ctypes.c_long
                libc.telldir.argtypes = libc.readdir.argtypes = [ctypes.c_void_p]
                libc.seekdir.argtypes = [ctypes.c_void_p, ctypes.c_long]
                d = libc.opendir(b'.')
                name = lambda e: ctypes.string_at(e + 19)
                for _ in range(300):
                    libc.readdir(d)
                at = libc.telldir(d)
                rest = []
                while e := libc.readdir(d):
                    rest.append(name(e))
                libc.seekdir(d, at)
                again = []
                while e := libc.readdir(d):
                    again.append(name(e))
                print(len(rest), rest == again)
                END""")).isEqualTo("502\n500\n202 True\nexit 0");
    }

    /** The kernel has locks for the programs on the mount, for the dialect has none for others. */
    @ParameterizedTest
    @EnumSource(names = {"PLAIN", "UNIX"})
    void programsOnTheMountLockEachOtherOut(Dialect dialect) throws Exception {
        assertThat(sh(dialect, "touch f; flock f sh -c 'flock -n f true || echo locked'; flock -n f echo free"))
                .isEqualTo("locked\nfree\nexit 0");
    }

    @Test
    void whatPlainNinePLacksIsNotSupported() throws Exception {
        assertThat(sh(Dialect.PLAIN, """
                touch f; ln -s f l; ln f h; mkfifo p; chown 1 f; touch -a f; setfattr -n user.a -v b f; ls -A"""))
                .isEqualTo("""
                        ln: failed to create symbolic link 'l': Operation not supported
                        ln: failed to create hard link 'h' => 'f': Operation not supported
                        mkfifo: cannot create fifo 'p': Operation not supported
                        chown: changing ownership of 'f': Operation not permitted
                        touch: setting times of 'f': Operation not permitted
                        setfattr: f: Operation not supported
                        f
                        exit 0""");
    }

    @Test
    void linksSpecialFilesAndOwnersAreThoseOfUnix() throws Exception {
        assertThat(sh(Dialect.UNIX, """
                echo hello > f; ln -s f l; readlink l; cat l; ln f h; cat h; mkfifo p; stat -c %F p; chmod 4755 f
                stat -c '%a' f; chown 1:2 f; stat -c '%u:%g' f; touch -a -d @5 f; stat -c %X f; rm l h p f; ls -A"""))
                .isEqualTo("f\nhello\nhello\nfifo\n4755\n1:2\n5\nexit 0");
    }
}
