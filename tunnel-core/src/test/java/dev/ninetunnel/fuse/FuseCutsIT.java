package dev.ninetunnel.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ninetunnel.client.Login;
import dev.ninetunnel.client.NineClient;
import dev.ninetunnel.client.Offer;
import dev.ninetunnel.testing.EndpointPair;
import dev.ninetunnel.testing.Relay;
import dev.ninetunnel.wire.Text;
import io.netty.channel.EventLoopGroup;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mount without the kernel's 9p client, under which the link is cut again and again. */
class FuseCutsIT {
    /** Bytes between two cuts. With headers, and what is asked twice, a MiB of the file takes some 35 cuts. */
    private static final long LONGEST_PIECE = 200_000;

    @TempDir
    private Path folder;

    @Test
    @Tag("long")
    void fioVerifiesWhatItWroteThroughAHundredCuts() throws Exception {
        fio(2, 100);
    }

    @Test
    @Tag("endurance")
    void fioVerifiesWhatItWroteThroughAThousandCuts() throws Exception {
        fio(20, 1000);
    }

    /** Two files of so many MiB are written and read while the link is cut at least so often. */
    private void fio(int size, int cuts) throws Exception {
        assumeTrue(Files.isWritable(Path.of("/dev/fuse")), "SKIPPED: this user may not open /dev/fuse");
        Random random = new Random(cuts);
        Path at = Files.createDirectory(folder.resolve("mnt"));
        EventLoopGroup loops = NineClient.loops(1);
        try (EndpointPair pair = new EndpointPair(folder, List.of(),
                List.of(EndpointPair.directory(folder.resolve("south"))));
                Relay relay = pair.linkThroughRelay()) {
            Offer offer = Offer.any().withExtended().withMsize(1 << 20);
            FuseMount mount = FuseMount.mount(
                    () -> NineClient.connect(loops, UnixDomainSocketAddress.of(pair.southsFiles()), offer), at,
                    "south:", FuseSettings.of(Login.ofThisProcess(Text.EMPTY), new Owners(false, 0, 0)));
            try {
                relay.cutEvery(() -> random.nextLong(1000, LONGEST_PIECE));
                run("fio", "--name=cuts", "--directory=" + at, "--rw=randrw", "--size=" + size + "m", "--numjobs=2",
                        "--bsrange=512-64k", "--verify=crc32c", "--do_verify=1", "--verify_fatal=1", "--end_fsync=1",
                        "--minimal", "--eta=never");
                assertThat(relay.cuts()).isGreaterThanOrEqualTo(cuts);
            } finally {
                relay.cutEvery(() -> Long.MAX_VALUE);
                mount.unmount();
                mount.ended().get(2, TimeUnit.MINUTES);
            }
            pair.awaitNothingLeft();
        } finally {
            loops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        }
    }

    private void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("%s", said).isZero();
    }
}
