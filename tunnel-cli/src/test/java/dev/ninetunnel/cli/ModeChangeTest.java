package dev.ninetunnel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("a change of permissions")
class ModeChangeTest {
    private static final int[] MODES = {0644, 0755, 0600, 0000, 0777, 06755, 01777, 02750, 0444};

    @TempDir
    Path room;

    /** Without letters for whom, chmod(1) leaves what the umask has, which is another matter: umask 0 here. */
    @ParameterizedTest
    @ValueSource(strings = {"640", "u+x", "go-w", "a=rX", "u=rwx,go=", "+x", "o+t", "ug+s", "u-s,g-s", "g=", "-rw",
            "a+X",
            "u+rwX,go-w", "=r", "7", "1777", "ug=rw,o=r"})
    @DisplayName("is what chmod(1) makes of it, for files and directories")
    void likeChmod(String change) throws IOException, InterruptedException {
        for (int mode : MODES) {
            for (boolean directory : new boolean[]{false, true}) {
                Path file = room.resolve("x-" + mode + "-" + directory);
                if (directory) {
                    Files.createDirectory(file);
                } else {
                    Files.createFile(file);
                }
                Files.setAttribute(file, "unix:mode", mode);
                Process chmod = new ProcessBuilder("sh", "-c", "umask 0; exec chmod -- \"$0\" \"$1\"", change,
                        file.toString())
                        .inheritIO().start();
                assertThat(chmod.waitFor()).isZero();
                int expected = (Integer) Files.getAttribute(file, "unix:mode") & 07777;
                int kept = directory && change.matches("\\d+") ? mode & 06000 : 0; // GNU's own: a number leaves these of a directory
                assertThat(ModeChange.parse(change).apply(mode, directory) | kept)
                        .as("%s of %04o, directory %s", change, mode, directory).isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "888", "u", "x", "u+q", "u+x,", "17777", "u*x"})
    @DisplayName("is refused where it is none")
    void refused(String change) {
        assertThatIllegalArgumentException().isThrownBy(() -> ModeChange.parse(change))
                .withMessageContaining("no mode");
    }
}
