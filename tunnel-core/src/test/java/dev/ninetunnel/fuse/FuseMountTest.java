package dev.ninetunnel.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ninetunnel.client.Login;
import dev.ninetunnel.client.NineClient;
import dev.ninetunnel.client.Offer;
import dev.ninetunnel.testing.EndpointPair;
import dev.ninetunnel.wire.Text;
import io.netty.channel.EventLoopGroup;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A peer's files in this machine's tree, by this machine's kernel. */
class FuseMountTest {
    @TempDir
    private Path folder;
    private EndpointPair pair;
    private EventLoopGroup loops;
    private FuseMount mount;
    private Path at;
    private Path served;

    @BeforeEach
    void mount() throws Exception {
        assumeTrue(Files.isWritable(Path.of("/dev/fuse")), "SKIPPED: this user may not open /dev/fuse");
        pair = EndpointPair.linked(folder);
        served = folder.resolve("south");
        at = Files.createDirectory(folder.resolve("mnt"));
        loops = NineClient.loops(1);
        Offer offer = Offer.any().withLeases().withMsize((1 << 20) + 24);
        mount = FuseMount.mount(
                () -> NineClient.connect(loops, UnixDomainSocketAddress.of(pair.southsFiles()), offer), at, "south:",
                FuseSettings.of(Login.ofThisProcess(Text.EMPTY), new Owners(false, 0, 0)));
    }

    @AfterEach
    void unmount() throws Exception {
        if (mount != null) {
            mount.unmount();
            mount.ended().get(60, TimeUnit.SECONDS);
        }
        if (pair != null) {
            pair.close();
            loops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        }
    }

    private String sh(String script) throws Exception {
        Process process = new ProcessBuilder("sh", "-c", script).directory(at.toFile()).redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return out + "exit " + process.waitFor();
    }

    @Test
    void filesAreMadeWrittenReadRenamedAndRemoved() throws Exception {
        assertThat(sh(
                "mkdir d && echo hello > d/f && cat d/f && mv d/f d/g && ls d && ln d/g h && stat -c %h h && rm d/g && cat h"
                        + "&& ln -s h l && readlink l && cat l && rmdir d && ls"))
                .isEqualTo("hello\ng\n2\nhello\nh\nhello\nh\nl\nexit 0");
        assertThat(served.resolve("h")).hasContent("hello");
    }

    @Test
    void largeFilesArriveWhole() throws Exception {
        assertThat(sh(
                "head -c 20000001 /dev/urandom > f && sha256sum < f | cut -c1-64 && sha256sum < " + served.resolve("f")
                        + "| cut -c1-64")
                .lines().distinct().count()).isEqualTo(2);
    }

    @Test
    @DisplayName("set-user-ID and set-group-ID end when a program writes or truncates that may not set them, and only then (write(2))")
    void setIdsEnd() throws Exception {
        boolean root = Files.getAttribute(folder, "unix:uid").equals(0);
        String unprivileged = root ? "setpriv --bounding-set=-fsetid --inh-caps=-fsetid " : "";
        for (String change : List.of("sh -c 'echo more >> f'", "truncate -s 3 f")) {
            sh("echo some > f && chmod 6755 f");
            if (root) {
                assertThat(sh(change + " && stat -c %a f")).as(change + ", by who may").isEqualTo("6755\nexit 0");
            }
            assertThat(sh(unprivileged + change + " && stat -c %a f")).as(change).isEqualTo("755\nexit 0");
            assertThat(Files.getAttribute(served.resolve("f"), "unix:mode")).isEqualTo(0100755);
        }
    }
}
