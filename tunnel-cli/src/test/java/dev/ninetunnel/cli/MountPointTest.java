package dev.ninetunnel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Where mounts are, and what is called after that. */
class MountPointTest {
    @Test
    void eachDirectoryHasALogOfItsOwn() {
        String deep = "/deep".repeat(200);
        assertThat(Stream
                .of("/a/b-c", "/a-b/c", "/a/b/c", "/a-b-c", "/a\\/b", "/a\\-b", "/a/-b", "/a-/b", deep, deep + "/er")
                .map(path -> new MountPoint(Path.of(path)).logName())).doesNotHaveDuplicates()
                .allMatch(name -> name.startsWith("mount-") && name.endsWith(".log") && name.length() < 256);
    }
}
