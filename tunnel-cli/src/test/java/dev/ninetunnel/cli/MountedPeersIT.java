package dev.ninetunnel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code mount} in the file of {@code ninetunnel up}: the endpoint keeps a peer's files mounted, without root. */
class MountedPeersIT {
    /** {@code up} runs an endpoint of its own, {@code third}, whose file is written by {@code file}. */
    private static final String UP = """
            if mkdir third 2> /dev/null && chown 65534 third; then
                $nine trust "$($nine id --home=$folder/server)" --name server --home=$folder/third > /dev/null
                $nine trust "$($nine id --home=$folder/third)" --name third --home=$folder/server > /dev/null
            fi
            : > log
            port=$(port listen)
            file() { # LINES about the peer
                printf '[peer.server]\\ndial = "127.0.0.1:%s"\\n%s\\n' $port "$1" > third/ninetunnel.toml
                chown 65534 third/ninetunnel.toml
            }
            up() {
                rm -f upped
                (exec $nine up --home=$folder/third > upped 2>> log) & up=$!
                await upped $up
            }
            status() { $nine status --home=$folder/third | sed -n 's/^  mount *//p'; }
            mounting() { # the process behind the mount
                for p in /proc/[0-9]*; do
                    tr '\\0' ' ' 2> /dev/null < $p/cmdline | grep -q "mount --foreground.*$folder/third" && echo ${p#/proc/}
                done
            }
            """;

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
    void itIsMountedWhenThePeerIsThereAndUnmountedAtTheEnd() throws Exception {
        assertThat(shell
                .run(UP + """
                        rm -rf late; mkdir late && chown 65534 late
                        $nine trust "$($nine id --home=$folder/third)" --name third --home=$folder/late > /dev/null
                        late() { # PORT
                            rm -f lately
                            (exec $nine listen 127.0.0.1:$1 --export $folder/files --home=$folder/late > lately 2> /dev/null) & late=$!
                            await lately $late
                        }
                        late 0; port=$(port lately); kill $late; wait $late
                        file "id = '$($nine id --home=$folder/late)'
                        mount = '../mnt'"
                        up
                        status
                        late $port
                        kill -USR1 $up
                        eventually $user cat mnt/a
                        eventually eval 'status | grep ": mounted"'
                        status
                        findmnt -n -o SOURCE,FSTYPE $folder/mnt
                        $other ls mnt 2>&1
                        kill $up; wait $up; echo ended with $?
                        findmnt -n $folder/mnt; ls -A mnt
                        kill $late; wait $late
                        """))
                .isEqualTo("""
                        /T/mnt: not mounted until the peer is linked
                        /T/mnt: mounted
                        server: fuse.ninetunnel
                        ls: cannot access 'mnt': Permission denied
                        ended with 0
                        """);
    }

    /** What a program has open meanwhile stays open, and what it asks waits. */
    @Test
    void itOutlivesItsProcessAndTheEndpointThatAreKilled() throws Exception {
        assertThat(shell.run(UP + """
                file 'mount = "../mnt"'
                up
                eventually $user cat mnt/a
                kill -9 $(mounting)
                eventually $user cat mnt/a
                echo mended
                exec 3> >($user sh -c 'exec 4< mnt/a; echo > opened; read line; cat <&4' > read)
                eventually test -s opened
                kill -9 $up; wait $up 2> /dev/null
                (exec $user cat mnt/a) & waits=$!
                up
                eventually eval 'status | grep ": mounted"'
                wait $waits
                echo go on >&3; exec 3>&-
                eventually test -s read; cat read
                eventually $user cat mnt/a
                mounting | wc -l
                kill $up; wait $up
                findmnt -n $folder/mnt
                """)).isEqualTo("""
                mended
                from the server
                from the server
                1
                """);
    }

    @Test
    void aReloadMountsMovesAndUnmountsWithoutTouchingTheLink() throws Exception {
        assertThat(shell.run(UP + """
                mkdir -p other && chown 65534 other
                file ''
                up
                reload() { $nine reload --home=$folder/third > /dev/null; }
                file 'mount = "../mnt"'; reload
                eventually $user cat mnt/a
                $user fusermount3 -u mnt
                eventually eval 'status | grep unmounted'
                status
                reload
                eventually $user cat mnt/a
                file 'mount = { directory = "../other", source = "files", options = "ro" }'; reload
                findmnt -n $folder/mnt
                eventually $user cat other/a
                findmnt -n -o SOURCE,FSTYPE other
                $user touch other/b
                file ''; reload
                findmnt -n $folder/other; ls -A other; status
                grep -c 'link with server.* is up' log
                kill $up; wait $up
                """)).isEqualTo("""
                /T/mnt: unmounted by a user; 'ninetunnel reload' mounts it again
                server:files fuse.ninetunnel
                touch: cannot touch 'other/b': Read-only file system
                1
                """);
    }

    /** A reload does not look whether the directory is there: its disk may come later. */
    @Test
    void itIsTriedAgainUntilItCanBeMounted() throws Exception {
        assertThat(shell.run(UP + """
                file ''
                up
                file 'mount = "../gone"'; $nine reload --home=$folder/third > /dev/null
                eventually eval 'status | grep "no directory" > seen' # between two tries
                sed 's/in [0-9.]* s:/in N s:/' seen
                grep -c 'the files of server are not at .*: there is no directory' log
                mkdir gone && chown 65534 gone
                eventually $user cat gone/a
                kill $up; wait $up
                ls -A gone
                """)).isEqualTo("""
                /T/gone: not mounted, tried again in N s: there is no directory /T/gone: make it first, with mkdir
                1
                """);
    }

    @Test
    void whatCannotBeMountedIsToldBeforeAnythingRuns() throws Exception {
        assertThat(shell.run(UP + """
                verify() { $nine verify --home=$folder/third; echo code $?; }
                file 'mount = "../mnt"'; verify
                file 'mount = "../missing"'; verify
                file 'mount = "../files"'; verify
                file 'mount = { options = "ro" }'; verify
                file 'mount = { directory = "../mnt", options = "soft=never" }'; verify
                file 'mount = "../mnt"
                [peer.second]
                dial = "localhost"
                mount = "../mnt"'; verify
                mount --bind files/a $(command -v fusermount3)
                file 'mount = "../mnt"'; verify
                umount $(command -v fusermount3)
                chmod 600 /dev/fuse; verify
                """)).contains("server: may use nothing here, mounted at /T/mnt\ncode 0",
                "ninetunnel.toml:3:1: there is no directory /T/missing: make it first, with mkdir\ncode 78",
                "/T/files is not empty, and a mount would hide what is in it",
                "[peer.server.mount] needs a directory = \"DIR\"\ncode 78",
                "soft=never is no time: write seconds, such as soft=30\ncode 78",
                "the files of server are to be mounted there as well\ncode 78",
                "nothing can be mounted: there is no fusermount3, which mounts without root: install it",
                "nothing can be mounted: this user may not open /dev/fuse");
    }
}
