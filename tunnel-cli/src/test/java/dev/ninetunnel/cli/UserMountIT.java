package dev.ninetunnel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code ninetunnel mount} as a user without root runs it: the packaged jar, as nobody, with two endpoints that are nobody's. Each
 * test has a namespace of mounts to itself, where everybody may open /dev/fuse.
 */
class UserMountIT {
    /** Words for a shell that is root's: {@code $nine} is the program as the user, {@code $user} and {@code $other} are two users. */
    private static final String WORDS = """
            set -u
            cd "$folder"
            user="setpriv --reuid=65534 --regid=65534 --clear-groups env HOME=$folder/home XDG_RUNTIME_DIR="
            other="setpriv --reuid=1 --regid=1 --clear-groups"
            nine="$user $java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 --sun-misc-unsafe-memory-access=allow -jar $folder/ninetunnel.jar"
            await() { # FILE PID: until the file has a line, or the process has ended
                for _ in $(seq 1200); do
                    [ -s "$1" ] && return
                    kill -0 "$2" 2>/dev/null || return
                    sleep 0.1
                done
            }
            """;

    private static final String NAMESPACE = """
            mkdir -p dev mnt && chown 65534 mnt
            mount -t tmpfs -o mode=755 none dev && mknod -m 666 dev/fuse c 10 229 && mount --bind dev/fuse /dev/fuse || exit 99
            mount="$nine mount --home=$folder/client"
            """;

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private static Path folder;
    private static Process endpoints;

    @BeforeAll
    static void link() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")) && Files.isWritable(Path.of("/dev/fuse")),
                "SKIPPED: takes root, to become another user, and /dev/fuse");
        Files.copy(Path.of("target/ninetunnel.jar"), folder.resolve("ninetunnel.jar"));
        Path ready = folder.resolve("ready");
        endpoints = shell("sh", """
                chmod 755 . && mkdir files home client server && chown 65534 . files home client server
                echo from the server > files/a && chmod 644 files/a
                id() { $nine id --home=$folder/$1; }
                $nine trust "$(id client)" --name client --home=$folder/server
                $nine trust "$(id server)" --name server --home=$folder/client
                $nine listen 127.0.0.1:0 --export $folder/files --home=$folder/server > listen & listen=$!
                trap 'kill $listen $dial' TERM
                await listen $listen
                port=$(sed 's/.*127.0.0.1:\\([0-9]*\\).*/\\1/;q' listen)
                $nine dial 127.0.0.1:$port --peer server --home=$folder/client > ready & dial=$!
                wait $dial
                wait $listen
                """).redirectErrorStream(true).redirectOutput(folder.resolve("endpoints").toFile()).start();
        await().atMost(PATIENCE).until(() -> !endpoints.isAlive() || (Files.exists(ready) && Files.size(ready) > 0));
        assertThat(ready).as(Files.readString(folder.resolve("endpoints"))).content().startsWith("ready");
    }

    @AfterAll
    static void leave() throws Exception {
        if (endpoints != null) {
            endpoints.destroy();
            endpoints.waitFor();
        }
    }

    private static ProcessBuilder shell(String shell, String script) {
        ProcessBuilder builder = new ProcessBuilder("setsid", "unshare", "-m", "--propagation", "private", shell, "-c",
                WORDS + script);
        builder.environment().put("folder", folder.toString());
        builder.environment().put("java", Path.of(System.getProperty("java.home"), "bin", "java").toString());
        builder.environment().put("LC_ALL", "C");
        return builder;
    }

    /** What a script says, that runs in a namespace of its own. */
    private static String run(String script) throws IOException, InterruptedException {
        Process process = shell("bash", NAMESPACE + script).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said.replace(folder.toString(), "/T");
    }

    @Test
    void itIsTheUsersAloneAndEndsWhenItIsUnmounted() throws Exception {
        assertThat(run("""
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
        assertThat(run("""
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
        assertThat(run("""
                $mount server: mnt
                $java -jar ninetunnel.jar mount --home=$folder/client server: mnt
                echo code $?
                $user cat mnt/a
                $user fusermount3 -u mnt
                """)).contains("something is mounted at /T/mnt already", "code 69", "from the server");
    }

    @Test
    void whatIsMissingIsToldWithAnExitCode() throws Exception {
        assertThat(run("""
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
