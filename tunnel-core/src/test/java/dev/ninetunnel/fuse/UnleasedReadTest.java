package dev.ninetunnel.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ninetunnel.client.Login;
import dev.ninetunnel.client.NineClient;
import dev.ninetunnel.client.Offer;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Tgetattr;
import io.netty.channel.EventLoopGroup;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.jupiter.api.io.TempDir;

/** A file that is mapped, and read while its server grants no lease on it. */
class UnleasedReadTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("a mapping shows what has changed soon after it was read without a lease, also where none is granted later")
    void mapping(boolean grantedLater) throws Exception {
        assumeTrue(Files.isWritable(Path.of("/dev/fuse")), "SKIPPED: this user may not open /dev/fuse");
        Path at = Files.createDirectory(folder.resolve("mnt"));
        Path socket = folder.resolve("server");
        EventLoopGroup loops = NineClient.loops(1);
        try (ScriptedServer server = new ScriptedServer(socket)) {
            FuseMount mount = FuseMount.mount(() -> NineClient.connect(loops, UnixDomainSocketAddress.of(socket),
                    Offer.any().withLeases()), at, "server:",
                    FuseSettings.of(Login.ofThisProcess(Text.EMPTY), new Owners(false, 0, 0)));
            try {
                showsChange(server, at.resolve("f"), grantedLater);
            } finally {
                FuseMount.unmount(at, true);
                mount.ended().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
        } finally {
            loops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        }
    }

    private static void showsChange(ScriptedServer server, Path file, boolean grantedLater) throws Exception {
        server.content("old".getBytes(StandardCharsets.US_ASCII));
        Process program = new ProcessBuilder("python3", "-u", "-c", """
                import mmap, os, sys
                fd = os.open(sys.argv[1], os.O_RDONLY)
                shown = mmap.mmap(fd, 3, prot=mmap.PROT_READ)
                for line in sys.stdin:
                    print(shown[0:3].decode())
                """, file.toString()).redirectErrorStream(true).start();
        try (BufferedReader out = program.inputReader(); Writer in = program.outputWriter()) {
            assertThat(shown(in, out)).isEqualTo("old");
            server.grant(request -> grantedLater && request instanceof Tgetattr);
            server.content("new".getBytes(StandardCharsets.US_ASCII));
            await().atMost(PATIENCE).until(() -> shown(in, out).equals("new"));
        } finally {
            program.destroyForcibly().waitFor();
        }
    }

    private static String shown(Writer in, BufferedReader out) throws IOException {
        in.write("\n");
        in.flush();
        return out.readLine();
    }
}
