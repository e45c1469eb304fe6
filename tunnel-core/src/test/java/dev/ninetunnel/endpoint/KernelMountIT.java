package dev.ninetunnel.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.testing.EndpointPair;
import dev.ninetunnel.testing.KernelClient;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The Linux kernel's own 9p client, with both directions of one link mounted at the same time. */
@Execution(ExecutionMode.CONCURRENT)
class KernelMountIT {
    private static final String SHELL_USE = """
            base=$(ls -d /usr/lib/*/perl-base | head -n 1)
            tree=/tmp/source; mkdir $tree; cp -r $base/*.pm $base/[A-Z]* $base/auto $tree
            mount9p 5640 /mnt/south version=9p2000.L,access=any
            mount9p 5641 /mnt/north version=9p2000.L,access=any
            for d in /mnt/south /mnt/north; do
                cp -r $tree $d/tree &
            done
            wait
            for d in /mnt/south /mnt/north; do
                diff -r $tree $d/tree
                mv $d/tree $d/moved
                grep -rl 'package IO' $d/moved >/tmp/found; [ -s /tmp/found ]
                ln -s moved/strict.pm $d/link; [ "$(readlink $d/link)" = moved/strict.pm ]
                ln $d/moved/strict.pm $d/hard; [ "$(stat -c %h $d/hard)" = 2 ]
                echo one >$d/file; echo two >>$d/file; [ "$(cat $d/file)" = "$(printf 'one\\ntwo')" ]
                chmod 640 $d/file; [ "$(stat -c %a $d/file)" = 640 ]
                truncate -s 3 $d/file; [ "$(cat $d/file)" = one ]
                touch -d '2001-02-03 04:05:06' $d/file; [ "$(stat -c %Y $d/file)" = "$(date -d '2001-02-03 04:05:06' +%s)" ]
                df $d >/dev/null
                if cat $d/missing 2>/dev/null; then exit 1; fi
                mkdir $d/dir; if rmdir $d/moved 2>/dev/null; then exit 1; fi; rmdir $d/dir
                rm -r $d/moved $d/link $d/hard
                [ "$(ls $d)" = file ]
            done
            cmp /mnt/south/file /mnt/north/file
            umount /mnt/south /mnt/north
            """;

    private static final String PLAIN_USE = """
            mount9p 5640 /mnt/south version=9p2000,noextend
            mount9p 5641 /mnt/north version=9p2000,noextend
            strict=$(ls /usr/lib/*/perl-base/strict.pm | head -n 1)
            for d in /mnt/south /mnt/north; do
                mkdir $d/dir
                cp $strict $d/dir/
                cmp $strict $d/dir/strict.pm
                mv $d/dir/strict.pm $d/dir/renamed.pm
                [ "$(ls $d/dir)" = renamed.pm ]
                if cat $d/missing 2>/tmp/err; then exit 1; fi; grep -q 'No such file' /tmp/err
                rm $d/dir/renamed.pm; rmdir $d/dir
            done
            umount /mnt/south /mnt/north
            """;

    @TempDir
    private Path folder;

    @Test
    void aKernelMountsBothDirectionsAtOnceAndLeavesNothingBehind() throws Exception {
        KernelClient kernel = new KernelClient(folder);
        try (EndpointPair pair = EndpointPair.linked(folder)) {
            kernel.run(SHELL_USE, pair.southsFiles(), pair.northsFiles());
            assertThat(folder.resolve("south/file")).hasContent("one");
            assertThat(folder.resolve("north/file")).hasContent("one");
            pair.awaitNothingLeft();
        }
    }

    @Test
    void aKernelThatSpeaksPlain9P2000DoesToo() throws Exception {
        KernelClient kernel = new KernelClient(folder);
        try (EndpointPair pair = EndpointPair.linked(folder)) {
            kernel.run(PLAIN_USE, pair.southsFiles(), pair.northsFiles());
            try (var left = Files.list(folder.resolve("south"))) {
                assertThat(left).isEmpty();
            }
            pair.awaitNothingLeft();
        }
    }
}
