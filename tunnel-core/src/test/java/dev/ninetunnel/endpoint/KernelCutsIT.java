package dev.ninetunnel.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ninetunnel.testing.EndpointPair;
import dev.ninetunnel.testing.KernelClient;
import dev.ninetunnel.testing.Relay;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The Linux kernel's own 9p client, under whose mount the link is cut again and again. */
@Execution(ExecutionMode.CONCURRENT)
class KernelCutsIT {
    @TempDir
    private Path folder;

    @Test
    void fioVerifiesWhatItWroteThroughTenCuts() throws Exception {
        fio("2m", 10);
    }

    @Test
    @Tag("endurance")
    void fioVerifiesWhatItWroteThroughAHundredCuts() throws Exception {
        fio("16m", 100);
    }

    @Test
    void whatAMountWaitsForFailsWhenTheFarSideWasRestarted() throws Exception {
        KernelClient kernel = new KernelClient(folder);
        try (EndpointPair pair = new EndpointPair(folder, List.of(),
                List.of(EndpointPair.directory(folder.resolve("south"))));
                Relay relay = pair.linkThroughRelay();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<String> guest = threads.submit(() -> kernel.run("""
                    mount9p 5640 /mnt/a version=9p2000.L,access=any,cache=none
                    touch /mnt/a/mounted || :
                    while stat /mnt/a >/dev/null 2>&1; do :; done
                    echo it has failed
                    umount -l /mnt/a
                    """, pair.southsFiles()));
            await().atMost(Duration.ofMinutes(4)).until(() -> Files.exists(folder.resolve("south/mounted")));
            relay.refuse(true);
            try (Endpoint again = pair.restartSouth()) {
                assertThat(again.status().peers().getFirst().linked()).isFalse();
                relay.refuse(false);
                assertThat(guest.get()).contains("it has failed");
            }
        }
    }

    /** Two files of this size are written and read, which is cut into more than so many pieces. */
    private void fio(String size, int cuts) throws Exception {
        Random random = new Random(cuts);
        KernelClient kernel = new KernelClient(folder).with("fio");
        long bytes = (2L * Integer.parseInt(size.replace("m", ""))) << 20;
        try (EndpointPair pair = new EndpointPair(folder, List.of(),
                List.of(EndpointPair.directory(folder.resolve("south"))));
                Relay relay = pair.linkThroughRelay()) {
            relay.cutEvery(() -> random.nextLong(1000, bytes / cuts));
            kernel.run("""
                    mount9p 5640 /mnt/a version=9p2000.L,access=any,cache=none
                    fio --name=cuts --directory=/mnt/a --rw=randrw --size=%s --numjobs=2 --bsrange=512-64k \\
                        --verify=crc32c --do_verify=1 --verify_fatal=1 --end_fsync=1 --minimal --eta=never \\
                        --output=/tmp/fio || { cat /tmp/fio; exit 1; }
                    rm /mnt/a/cuts.*
                    umount /mnt/a
                    """.formatted(size), pair.southsFiles());
            assertThat(relay.cuts()).isGreaterThanOrEqualTo(cuts);
            relay.cutEvery(() -> Long.MAX_VALUE);
            pair.awaitNothingLeft();
        }
    }
}
