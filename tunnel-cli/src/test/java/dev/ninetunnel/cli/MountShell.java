package dev.ninetunnel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Shell scripts about mounts, each in a namespace of mounts of its own where everybody may open /dev/fuse. They have the packaged
 * program, and two endpoints of the user nobody's that are linked: {@code client} has dialled {@code server}, which exports
 * {@code files}.
 */
final class MountShell {
    /** Words for a shell that is root's: {@code $program}, {@code $nine} as the user, {@code $user} and {@code $other} are two users. */
    private static final String WORDS = """
            set -u
            umount -a -l -t fuse.ninetunnel || true # copies of other tests' mounts, which would outlive their ends
            cd "$folder"
            user="setpriv --reuid=65534 --regid=65534 --clear-groups env HOME=$folder/home XDG_RUNTIME_DIR="
            other="setpriv --reuid=1 --regid=1 --clear-groups"
            nine="$user $program"
            await() { # FILE PID: until the file has a line, or the process has ended
                for _ in $(seq 1200); do
                    [ -s "$1" ] && return
                    kill -0 "$2" 2>/dev/null || return
                    sleep 0.1
                done
            }
            eventually() { # COMMAND: until it is true
                for _ in $(seq 600); do
                    "$@" > /dev/null 2>&1 && return
                    sleep 0.1
                done
                echo "never: $*"
            }
            port() { # FILE: of the endpoint that has said there that it listens
                sed 's/.*127.0.0.1:\\([0-9]*\\).*/\\1/;q' "$1"
            }
            """;

    private static final String NAMESPACE = """
            rm -rf mnt; mkdir -p dev mnt && chown 65534 mnt
            mount -t tmpfs -o mode=755 none dev && mknod -m 666 dev/fuse c 10 229 && mount --bind dev/fuse /dev/fuse || exit 99
            mount="$nine mount --home=$folder/client"
            """;

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Path folder;
    private final PackagedProgram program;
    private final Process endpoints;

    private MountShell(Path folder, PackagedProgram program, Process endpoints) {
        this.folder = folder;
        this.program = program;
        this.endpoints = endpoints;
    }

    /** With two endpoints that are linked. */
    static MountShell linked(Path folder) throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")) && Files.isWritable(Path.of("/dev/fuse")),
                "SKIPPED: takes root, to become another user, and /dev/fuse");
        PackagedProgram program = PackagedProgram.BUILT.copiedTo(folder);
        Path ready = folder.resolve("ready");
        Process endpoints = shell(folder, program, "sh", """
                chmod 755 . && mkdir files home client server && chown 65534 . files home client server
                echo from the server > files/a && chmod 644 files/a
                id() { $nine id --home=$folder/$1; }
                $nine trust "$(id client)" --name client --home=$folder/server
                $nine trust "$(id server)" --name server --home=$folder/client
                $nine listen 127.0.0.1:0 --export $folder/files --home=$folder/server > listen & listen=$!
                trap 'kill $listen $dial' TERM
                await listen $listen
                $nine dial 127.0.0.1:$(port listen) --peer server --home=$folder/client > ready & dial=$!
                wait $dial
                wait $listen
                """).redirectErrorStream(true).redirectOutput(folder.resolve("endpoints").toFile()).start();
        await().atMost(PATIENCE).until(() -> !endpoints.isAlive() || (Files.exists(ready) && Files.size(ready) > 0));
        assertThat(ready).as(Files.readString(folder.resolve("endpoints"))).content().startsWith("ready");
        return new MountShell(folder, program, endpoints);
    }

    private static ProcessBuilder shell(Path folder, PackagedProgram program, String shell, String script) {
        ProcessBuilder builder = new ProcessBuilder("setsid", "unshare", "-m", "--propagation", "private", shell, "-c",
                WORDS + script);
        builder.environment().put("folder", folder.toString());
        builder.environment().put("program", program.words());
        builder.environment().put("docs", Path.of("../docs/mounting.md").toAbsolutePath().toString());
        builder.environment().put("LC_ALL", "C");
        return builder;
    }

    /** What a script says, in a namespace of its own and with an empty directory {@code mnt}; the folder is {@code /T} in it. */
    String run(String script) throws IOException, InterruptedException {
        Process process = shell(folder, program, "bash", NAMESPACE + script).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said.replace(folder.toString(), "/T");
    }

    /** Ends the two endpoints. */
    void close() throws InterruptedException {
        endpoints.destroy();
        endpoints.waitFor();
    }
}
