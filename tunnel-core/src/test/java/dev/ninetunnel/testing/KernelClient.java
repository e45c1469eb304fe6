package dev.ninetunnel.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A real Linux kernel whose 9p client mounts local sockets: user-mode-linux in a network namespace of its own. */
public final class KernelClient {
    private static final List<String> PROGRAMS = List.of("/usr/bin/linux.uml", "/usr/bin/socat", "/usr/bin/unshare",
            "/bin/busybox");

    private final Path folder;

    /** With a folder for its files. Skips the calling test, loudly, where the machine cannot run it. */
    public KernelClient(Path folder) {
        require(Files.isWritable(Path.of("/dev/net/tun")), "/dev/net/tun cannot be opened (not root?)");
        for (String program : PROGRAMS) {
            require(Files.isExecutable(Path.of(program)), program + " is not installed");
        }
        this.folder = folder;
    }

    private static void require(boolean there, String otherwise) {
        if (!there) {
            System.err.println("SKIPPED: no test with a real kernel: " + otherwise);
        }
        assumeTrue(there, otherwise);
    }

    /** Skips the calling test, loudly, where one of these programs is not installed. The guest sees this machine's. */
    public KernelClient with(String... programs) {
        for (String program : programs) {
            require(Stream.of("/usr/bin/", "/usr/sbin/", "/bin/").anyMatch(
                    place -> Files.isExecutable(Path.of(place + program))), program + " is not installed");
        }
        return this;
    }

    /** Puts a file that lies beside {@code run-guest} where the guest finds it, in {@code /tmp/in}. */
    public KernelClient bring(String resource) throws IOException {
        copy(resource);
        return this;
    }

    private Path copy(String resource) throws IOException {
        Path file = folder.resolve(resource);
        try (InputStream in = KernelClient.class.getResourceAsStream("/kernel/" + resource)) {
            Files.write(file, in.readAllBytes());
        }
        return file;
    }

    /**
     * Runs a bash script in the guest and expects it to end with 0. {@code $1} of its function {@code mount9p PORT DIR
     * OPTIONS} is 5640 for the first socket, 5641 for the second. Returns what it printed.
     */
    public String run(String script, Path... sockets) throws IOException, InterruptedException {
        Path runner = copy("run-guest");
        Path file = folder.resolve("script");
        Files.writeString(file, """
                set -eu
                mount9p() { mkdir -p $2; mount -t 9p -o trans=tcp,port=$1,msize=131096,$3 10.99.0.1 $2; }
                """ + script);
        // Read by a shell: a file that a process of another test has still open, to write it, cannot be started itself.
        List<String> command = new ArrayList<>(List.of("bash", runner.toString(), file.toString()));
        for (Path socket : sockets) {
            command.add(socket.toString());
        }
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("the script in the guest printed:\n%s", output).isZero();
        return output;
    }
}
