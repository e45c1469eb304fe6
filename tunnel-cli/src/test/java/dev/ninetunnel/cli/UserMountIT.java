package dev.ninetunnel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ninetunnel mount} as a user without root runs it. */
class UserMountIT {
    @TempDir
    private static Path folder;
    private static MountShell shell;

    @BeforeAll
    static void link() throws Exception {
        shell = MountShell.linked(folder);
    }

    @AfterAll
    static void leave() throws Exception {
        if (shell != null) {
            shell.close();
        }
    }

    @Test
    void itIsTheUsersAloneAndEndsWhenItIsUnmounted() throws Exception {
        assertThat(shell.run("""
                $mount --foreground server: mnt > up & up=$!
                await up $up
                $user stat -c '%n %u:%g' mnt/a
                $user cat mnt/a
                $user sh -c 'echo new > mnt/b && mkdir mnt/d && mv mnt/b mnt/d/b'
                cat files/d/b
                findmnt -n -o SOURCE,FSTYPE $folder/mnt
                $other ls mnt
                $other cat mnt/a
                cat mnt/a
                $user fusermount3 -u mnt
                wait $up
                echo ended with $?
                ls -A mnt
                """)).isEqualTo("""
                mnt/a 65534:65534
                from the server
                new
                server: fuse.ninetunnel
                ls: cannot access 'mnt': Permission denied
                cat: mnt/a: Permission denied
                cat: mnt/a: Permission denied
                ended with 0
                """);
    }

    @Test
    void whatAKilledProcessLeavesIsMendedByTheNextMount() throws Exception {
        assertThat(shell.run("""
                (exec $mount --foreground server: mnt) > up & up=$!
                await up $up
                kill -9 $up
                wait $up
                $user cat mnt/a
                ln -s mnt link
                $mount server:files link
                $user cat mnt/a
                $mount server: mnt
                echo code $?
                $nine unmount link
                echo code $?
                $nine unmount mnt
                echo code $?
                rm link
                ls -A mnt
                """).lines().filter(line -> !line.contains("Killed"))).containsExactly(
                "cat: mnt/a: Transport endpoint is not connected",
                "server:files is at /T/mnt",
                "from the server",
                "ninetunnel: something is mounted at /T/mnt already: take it away with 'ninetunnel unmount /T/mnt', "
                        + "or name another directory",
                "code 69", "code 0",
                "ninetunnel: nothing is mounted at /T/mnt",
                "code 66");
    }

    /** Root may not even look at a user's mount, which is not dead for that. */
    @Test
    void aMountOfAnotherUserIsNotTakenForADeadOne() throws Exception {
        assertThat(shell.run("""
                $mount server: mnt
                $program mount --home=$folder/client server: mnt
                echo code $?
                $user cat mnt/a
                $user fusermount3 -u mnt
                """)).contains("something is mounted at /T/mnt already", "code 69", "from the server");
    }

    @Test
    void whatIsMissingIsToldWithAnExitCode() throws Exception {
        assertThat(shell.run("""
                $mount server: missing; echo code $?
                $mount server: files/a; echo code $?
                $mount server: files; echo code $?
                $mount nobody: mnt; echo code $?
                $nine unmount mnt; echo code $?
                mount --bind files/a $(command -v fusermount3)
                $mount server: mnt; echo code $?
                """)).contains(
                "there is no directory /T/missing: make it first, with mkdir\ncode 66",
                "/T/files/a is no directory, and files appear in one only\ncode 66",
                "/T/files is not empty, and a mount would hide what is in it: name an empty directory, or say "
                        + "'-o nonempty'\ncode 69",
                "nothing is mounted at /T/mnt\ncode 66",
                "there is no fusermount3, which mounts without root: install it (Debian, Fedora, Alpine, Arch: the package "
                        + "fuse3)\ncode 69");
    }
}
