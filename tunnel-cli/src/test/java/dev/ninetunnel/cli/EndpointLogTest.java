package dev.ninetunnel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("the log of an endpoint")
class EndpointLogTest {
    private final EndpointLog log = new EndpointLog(20, true);

    @TempDir
    private Path room;

    @BeforeEach
    void requireLinux() {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "SKIPPED: other systems have no /proc");
    }

    @Test
    @DisplayName("is the file that its standard error goes into; where it is not kept, that is said")
    void file() throws IOException {
        Path file = room.resolve("log");
        Process toFile = start(ProcessBuilder.Redirect.to(file.toFile()));
        Process nowhere = start(ProcessBuilder.Redirect.DISCARD);
        try {
            assertThat(log.of(toFile.pid())).containsExactly("tail", "-n", "20", "-f", file.toString());
            assertThatThrownBy(() -> log.of(nowhere.pid())).isInstanceOf(Failure.class)
                    .hasMessageContaining("/dev/null, where nothing is kept");
        } finally {
            toFile.destroy();
            nowhere.destroy();
        }
    }

    private static Process start(ProcessBuilder.Redirect log) throws IOException {
        return new ProcessBuilder("sleep", "600").redirectError(log).start();
    }

    @Test
    @DisplayName("is in the journal of the unit that it runs in, of the system or of a user")
    void unit() {
        assertThat(log.ofUnitIn("0::/system.slice/ninetunnel.service\n")).hasValueSatisfying(
                words -> assertThat(words).containsExactly("journalctl", "-n", "20", "-f",
                        "--unit=ninetunnel.service"));
        assertThat(log.ofUnitIn("0::/system.slice/system-ninetunnel.slice/ninetunnel@blue.service\n"))
                .hasValueSatisfying(words -> assertThat(words).endsWith("--unit=ninetunnel@blue.service"));
        assertThat(log.ofUnitIn("0::/user.slice/user-1000.slice/user@1000.service/app.slice/ninetunnel.service\n"))
                .hasValueSatisfying(words -> assertThat(words).endsWith("--user-unit=ninetunnel.service"));
        assertThat(log.ofUnitIn("0::/user.slice/user-1000.slice/session-3.scope\n")).isEmpty();
    }
}
