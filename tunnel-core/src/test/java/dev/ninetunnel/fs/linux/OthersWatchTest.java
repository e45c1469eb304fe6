package dev.ninetunnel.fs.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ninetunnel.fs.FileId;
import dev.ninetunnel.linux.DescriptorCalls;
import dev.ninetunnel.linux.OpenFlags;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Whose change of a file it was: this process's, or another's. */
@EnabledOnOs(OS.LINUX)
class OthersWatchTest {
    @TempDir
    Path folder;
    private Path file;
    private int fd;
    private FileId id;
    private OthersWatch watch;

    @BeforeEach
    void watch() throws Exception {
        Optional<OthersWatch> open = OthersWatch.open();
        assumeTrue(open.isPresent(), "SKIPPED: no fanotify for this user here");
        watch = open.get();
        file = Files.writeString(folder.resolve("f"), "old");
        fd = DescriptorCalls.openPath(file.toString().getBytes(StandardCharsets.UTF_8), OpenFlags.NAME_ONLY);
        id = Status.idOf(fd);
        watch.add(id, fd);
    }

    @AfterEach
    void close() {
        if (watch != null) {
            watch.close();
            DescriptorCalls.close(fd);
        }
    }

    private void byAnother(String command) throws Exception {
        assertThat(new ProcessBuilder("sh", "-c", command).directory(folder.toFile()).start().waitFor()).isZero();
    }

    private List<FileId> told() {
        List<FileId> told = new ArrayList<>();
        watch.take(told::add, () -> {});
        return told;
    }

    @Test
    @DisplayName("what another process writes is told, by any name, beside what this one writes, which is not")
    void others() throws Exception {
        Files.writeString(file, "mine");
        assertThat(told()).isEmpty();
        Files.createLink(folder.resolve("g"), file);
        told();
        byAnother("printf theirs > g");
        Files.writeString(file, "mine");
        assertThat(told()).containsOnly(id);
        assertThat(told()).isEmpty();
        byAnother("chmod 600 f");
        assertThat(told()).containsOnly(id);
    }

    @Test
    @DisplayName("nothing is told of a file that is not watched any more")
    void removed() throws Exception {
        watch.remove(id, fd);
        byAnother("printf theirs > f");
        assertThat(told()).isEmpty();
    }
}
