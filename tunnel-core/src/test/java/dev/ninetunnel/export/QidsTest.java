package dev.ninetunnel.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.fs.FileId;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class QidsTest {
    private final Qids qids = new Qids();

    private long path(long device, long inode) {
        return qids.path(new FileId(device, inode, FileId.Kind.FILE));
    }

    @Test
    @DisplayName("S15 qid.path is the inode's number on the first device, and another one on every other device")
    void devices() {
        assertThat(path(2049, 12)).isEqualTo(12);
        Set<Long> paths = new HashSet<>();
        for (long device = 2049; device < 2149; device++) {
            for (long inode : new long[]{2, 12, (1L << 48) - 1, 1L << 48, Long.MAX_VALUE, -1}) {
                assertThat(paths.add(path(device, inode))).as("device %d inode %d", device, inode).isTrue();
                assertThat(path(device, inode)).isEqualTo(path(device, inode));
            }
        }
    }

    @Test
    @DisplayName("S15 qid.path stays apart even after more devices than it has bits for")
    void manyDevices() {
        Set<Long> paths = new HashSet<>();
        for (long device = 0; device < 70_000; device++) {
            assertThat(paths.add(path(device, 2))).as("device %d", device).isTrue();
        }
    }
}
