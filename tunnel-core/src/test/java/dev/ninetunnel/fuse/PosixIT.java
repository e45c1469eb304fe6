package dev.ninetunnel.fuse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ninetunnel.client.Login;
import dev.ninetunnel.client.NineClient;
import dev.ninetunnel.client.Offer;
import dev.ninetunnel.testing.EndpointPair;
import dev.ninetunnel.wire.Text;
import io.netty.channel.EventLoopGroup;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the kernel's 9p client cannot do, or does otherwise: a program finds on the mount what it finds on the disk below. */
class PosixIT {
    @TempDir
    private Path folder;
    private EndpointPair pair;
    private EventLoopGroup loops;
    private FuseMount mount;
    private Path at;
    private Path rules;

    @BeforeEach
    void mount() throws Exception {
        assumeTrue(Files.isWritable(Path.of("/dev/fuse")), "SKIPPED: this user may not open /dev/fuse");
        pair = EndpointPair.linked(folder);
        at = Files.createDirectory(folder.resolve("mnt"));
        loops = NineClient.loops(1);
        Offer offer = Offer.any().withLeases().withMsize(1 << 20);
        mount = FuseMount.mount(
                () -> NineClient.connect(loops, UnixDomainSocketAddress.of(pair.southsFiles()), offer), at, "south:",
                FuseSettings.of(Login.ofThisProcess(Text.EMPTY), new Owners(false, 0, 0)));
        rules = folder.resolve("posix.py");
        try (InputStream in = PosixIT.class.getResourceAsStream("/kernel/posix.py")) {
            Files.copy(in, rules);
        }
    }

    @AfterEach
    void unmount() throws Exception {
        if (mount != null) {
            mount.unmount();
            mount.ended().get(2, TimeUnit.MINUTES);
        }
        if (pair != null) {
            pair.awaitNothingLeft();
            pair.close();
            loops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        }
    }

    private String said(Path where, String... command) throws Exception {
        Process process = new ProcessBuilder(command).directory(where.toFile()).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as("%s", said).isZero();
        return said;
    }

    private String rule(Path where, String rule) throws Exception {
        return said(Files.createDirectory(where.resolve("work")), "python3", rules.toString(), rule);
    }

    @ParameterizedTest
    @ValueSource(strings = {"times", "directories", "holes", "space", "renames", "unnamed", "copies", "locks", "maps",
            "notices", "removed"})
    void isAsOnTheDiskBelow(String rule) throws Exception {
        String onDisk = rule(Files.createDirectory(folder.resolve("disk")), rule);
        assertThat(onDisk).isNotEmpty();
        assertThat(rule(at, rule)).isEqualTo(onDisk);
    }

    @Test
    void aFileThatTheFarSideHasReplacedIsNeverTakenForTheOther() throws Exception {
        Path far = folder.resolve("south/f");
        Files.writeString(far, "old");
        String replace = "rm " + far + " && printf new > " + far;
        assertThat(said(at, "bash", "-c", "exec 3< f; " + replace
                + "; cat <&3; echo; cat f; echo; [ $(stat -Lc %i /proc/self/fd/3) = $(stat -c %i f) ] || echo differ"))
                .isEqualTo("old\nnew\ndiffer\n");
        assertThat(said(at, "bash", "-c", "mkdir d; cd d; rm -r " + folder.resolve("south/d") + "; mkdir "
                + folder.resolve("south/d") + "; touch x 2>&1 | grep -o 'Stale file handle\\|No such file.*'"))
                .matches("(Stale file handle|No such file or directory)\n");
        assertThat(folder.resolve("south/d")).isEmptyDirectory();
    }
}
