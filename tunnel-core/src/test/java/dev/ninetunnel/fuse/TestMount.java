package dev.ninetunnel.fuse;

import dev.ninetunnel.client.Login;
import dev.ninetunnel.client.NineClient;
import dev.ninetunnel.client.Offer;
import dev.ninetunnel.wire.Text;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A mount of what is served on a socket, for as long as a test runs, and programs that use it. */
final class TestMount {
    private final EventLoopGroup loops = NineClient.loops(1);
    private final Path at;
    private final FuseMount mount;

    TestMount(Path socket, Path at, Offer offer, Optional<Duration> soft) throws IOException {
        this(socket, at, Login.ofThisProcess(Text.EMPTY), offer, soft);
    }

    TestMount(Path socket, Path at, Login login, Offer offer, Optional<Duration> soft) throws IOException {
        this.at = Files.createDirectory(at);
        this.mount = FuseMount.mount(() -> NineClient.connect(loops, UnixDomainSocketAddress.of(socket), offer), at,
                "server:",
                new FuseSettings(login, false, new Owners(false, 0, 0), soft, false, List.of()));
    }

    /** A program in the directory of the mount. */
    Process start(String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(at.toFile()).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C");
        return builder.start();
    }

    /** What a script says, with its exit code. */
    String sh(String script) throws IOException, InterruptedException {
        Process process = start("sh", "-c", script);
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return out + "exit " + process.waitFor();
    }

    /** Takes it away from programs that use it still, too. */
    void close() throws Exception {
        FuseMount.unmount(at, true);
        mount.ended().get(60, TimeUnit.SECONDS);
        loops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    }
}
