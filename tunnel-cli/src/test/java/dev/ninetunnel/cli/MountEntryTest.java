package dev.ninetunnel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Lines of proc_pid_mountinfo(5). */
class MountEntryTest {
    @Test
    void namesAreShownAsTheyAreInTheFileSystem() {
        assertThat(MountEntry.of(
                "36 35 0:98 / /home/a\\040b\\012c\\134 rw,nosuid shared:1 master:2 - fuse.ninetunnel server:a\\040b "
                        + "rw,user_id=1000,group_id=1000"))
                .isEqualTo(new MountEntry("/home/a b\nc\\", "fuse.ninetunnel", "server:a b",
                        List.of("rw", "user_id=1000", "group_id=1000")));
    }

    @Test
    void aMountOfAnotherServerNeedsNoEndpoint() {
        assertThat(entry("server:data").isOfPeer()).isTrue();
        assertThat(entry("tcp:host:564").isOfPeer()).isFalse();
        assertThat(entry("unix:/run/nine.sock").isOfPeer()).isFalse();
    }

    private static MountEntry entry(String source) {
        return MountEntry.of("36 35 0:98 / /mnt rw - fuse.ninetunnel " + source + " rw,user_id=0");
    }
}
