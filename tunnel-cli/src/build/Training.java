package dev.ninetunnel.cli;

import dev.ninetunnel.cli.process.TempDirectory;
import dev.ninetunnel.fuse.FuseMount;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs the commands that people run most, once and in one process, so that the JVM can keep what it learns: two endpoints start by
 * {@code listen} and {@code dial}, short commands look at them, and {@code demo} copies files. It is an agent of that JVM: see
 * {@code AotCache}.
 */
final class Training {
    private static final int LOOK_AGAIN_MILLIS = 20;
    private static final int PATIENCE_MILLIS = 60_000;
    private static final int ROUNDS = 4;
    private static final int SMALL_FILES = 500;
    private static final int SMALL_BYTES = 4096;
    private static final int LARGE_BYTES = 32 << 20;
    private static final PrintWriter NOWHERE = new PrintWriter(OutputStream.nullOutputStream(), false,
            StandardCharsets.UTF_8);

    private final Path folder;
    private final List<Thread> endpoints = new ArrayList<>();

    private Training(Path folder) {
        this.folder = folder;
    }

    /** Called before the main method of the program, which never runs. Ends the process, with 0 if all commands succeeded. */
    public static void premain(String options) throws Exception {
        Main.settle("listen");
        Path folder = Files.createTempDirectory("ninetunnel-training");
        try {
            new Training(folder).run();
        } finally {
            new TempDirectory(folder).close();
        }
        System.exit(0);
    }

    private void run() throws Exception {
        Path north = Files.createDirectory(folder.resolve("north"));
        Path south = Files.createDirectory(folder.resolve("south"));
        command("trust", command("id", "--home=" + south).strip(), "--name=south", "--home=" + north);
        command("trust", command("id", "--home=" + north).strip(), "--name=north", "--home=" + south);
        Files.writeString(folder.resolve("hello.txt"), "hello\n");
        try {
            String listening = endpoint("listen", "127.0.0.1:0", "--export", folder.toString(), "--home=" + south);
            String port = listening.replaceAll("(?s).*127\\.0\\.0\\.1:(\\d+).*", "$1");
            endpoint("dial", "127.0.0.1:" + port, "--peer", "south", "--export", folder.toString(), "--home=" + north);
            for (String command : List.of("ls", "stat", "cat")) {
                command(command, "south:hello.txt", "--home=" + north);
            }
            command("ls", "-l", "south:", "--home=" + north);
            command("status", "--home=" + north);
            command("--version");
            mount(north);
        } finally {
            for (Thread endpoint : endpoints.reversed()) {
                endpoint.interrupt();
                endpoint.join(PATIENCE_MILLIS);
            }
        }
        command("demo", "--size", "64");
    }

    /** Starts an endpoint, and returns what it says when it is ready. */
    private String endpoint(String... words) throws InterruptedException {
        StringWriter said = new StringWriter();
        Thread thread = Thread.ofPlatform().daemon().name(words[0])
                .start(() -> Main.run(new PrintWriter(said), NOWHERE, words));
        endpoints.add(thread);
        for (int waited = 0; !said.toString().contains("\n"); waited += LOOK_AGAIN_MILLIS) {
            if (!thread.isAlive() || waited > PATIENCE_MILLIS) {
                throw new Failure(Failure.UNAVAILABLE, words[0] + " did not start");
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
        }
        return said.toString();
    }

    /** Programs read and write on a mount, each in a process of its own; not where nothing can be mounted, as in many containers. */
    private void mount(Path home) throws Exception {
        // What is below its own directory, the mount would answer for to itself.
        Path mounted = Files.createTempDirectory("ninetunnel-training-mount");
        try (TempDirectory _ = new TempDirectory(mounted)) {
            if (!isMounted(mounted, home)) {
                return;
            }
            try {
                use(mounted);
            } finally {
                FuseMount.unmount(mounted, true);
            }
        }
    }

    private boolean isMounted(Path directory, Path home) throws InterruptedException {
        try {
            FuseMount.requireAvailable();
            endpoint("mount", "--foreground", "south:", directory.toString(), "--home=" + home);
            return true;
        } catch (IOException | Failure e) {
            return false;
        }
    }

    private void use(Path mounted) throws IOException, InterruptedException {
        Path work = Files.createDirectory(folder.resolve("work"));
        for (int round = 0; round < ROUNDS; round++) {
            Path small = Files.createDirectory(work.resolve("small" + round));
            for (int file = 0; file < SMALL_FILES; file++) {
                Files.write(small.resolve("file" + file), new byte[SMALL_BYTES]);
            }
            Files.write(work.resolve("large" + round), new byte[LARGE_BYTES]);
            shell(mounted.resolve("work"),
                    "cat small%1$d/* large%1$d >copy && ls -l small%1$d && rm copy large%1$d".formatted(round));
        }
    }

    private static void shell(Path directory, String line) throws IOException, InterruptedException {
        int code = new ProcessBuilder("sh", "-c", line).directory(directory.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.INHERIT).start()
                .waitFor();
        if (code != 0) {
            throw new Failure(code, line + " ended with " + code);
        }
    }

    /** Runs a command to its end, and returns what it says. */
    private static String command(String... words) {
        StringWriter said = new StringWriter();
        int code = Main.run(new PrintWriter(said), NOWHERE, words);
        if (code != 0) {
            throw new Failure(code, words[0] + " ended with " + code);
        }
        return said.toString();
    }
}
