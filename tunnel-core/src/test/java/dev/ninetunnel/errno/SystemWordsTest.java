package dev.ninetunnel.errno;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** People are told what the system said, and not which class or call passed it on. */
class SystemWordsTest {
    @Test
    @DisplayName("no class, no call, no number, no path: the system's words, or that there are none")
    void words() {
        assertThat(SystemWords.of(new IOException("recvAddress(..) failed with error(-104): Connection reset by peer")))
                .isEqualTo("Connection reset by peer");
        assertThat(SystemWords.of(new IOException("Broken pipe"))).isEqualTo("Broken pipe");
        assertThat(SystemWords.of(new NoSuchFileException("/a"))).isEqualTo(Errno.ENOENT.words());
        assertThat(SystemWords.of(new AccessDeniedException("/a"))).isEqualTo(Errno.EACCES.words());
        assertThat(SystemWords.of(new FileSystemException("/a", null, "Is a directory"))).isEqualTo("Is a directory");
        assertThat(SystemWords.of(new FileSystemException("/a"))).isEqualTo("the system does not say why");
        assertThat(SystemWords.of(new IOException())).isEqualTo("the system does not say why");
    }

    @Test
    @DisplayName("of a file that Java could not open, too")
    void realFile() {
        Throwable fault = catchThrowable(() -> Files.write(Path.of("/"), new byte[1]));
        assertThat(SystemWords.of(fault)).isEqualTo("Is a directory");
    }
}
