package dev.ninetunnel.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ninetunnel.client.Offer;
import dev.ninetunnel.serve.ServerLimits;
import dev.ninetunnel.wire.Dialect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kernel knows files for as long as it has memory, and does not say which of them matter: a server has room for fewer. */
class ManyKnownFilesTest {
    @TempDir
    private Path folder;
    private Path served;
    private ForeignServer server;
    private TestMount mount;

    @BeforeEach
    void begin() throws IOException {
        assumeTrue(Files.isWritable(Path.of("/dev/fuse")), "SKIPPED: this user may not open /dev/fuse");
        served = Files.createDirectory(folder.resolve("served"));
    }

    @AfterEach
    void end() throws Exception {
        if (mount != null) {
            mount.close();
        }
        if (server != null) {
            server.close();
        }
    }

    private void serve(int files, int fids) throws IOException {
        for (int i = 0; i < files; i++) {
            Files.writeString(served.resolve("f" + i), "");
        }
        server = new ForeignServer(folder.resolve("socket"), served, ServerLimits.STANDARD.withFids(fids));
        mount = new TestMount(folder.resolve("socket"), folder.resolve("mnt"), Offer.of(Dialect.LINUX),
                Optional.empty());
    }

    /** What is open, or is where a program works, is as it was when the others have been looked at. */
    @Test
    void aServerWithoutRoomForAllOfThemServesAllOfThem() throws Exception {
        serve(300, 100);
        assertThat(mount.sh("""
                mkdir d e && echo open > e/open && echo removed > removed
                exec 3< e/open 4< removed && rm removed && cd d
                ls -l .. | grep -c ' f[0-9]*$'
                cat <&3 && cat <&4 && pwd && touch here && ls && cat ../e/open
                cd .. && for i in $(seq 0 299); do echo x > f$i; done && cat f* | wc -l
                rm -r f* d && ls
                """)).isEqualTo("300\nopen\nremoved\n" + folder.resolve("mnt/d") + "\nhere\nopen\n300\ne\nexit 0");
    }
}
