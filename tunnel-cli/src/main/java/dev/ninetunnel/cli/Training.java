package dev.ninetunnel.cli;

import dev.ninetunnel.cli.bench.Folder;
import dev.ninetunnel.identity.Identity;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerFile;
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
 * Does once what people start this program for, in one process, so that the JVM can keep what it learns of it: two
 * endpoints start as {@code listen} and {@code dial} do, short commands look at them, and the demonstration copies files.
 * The build runs this to make the cache for the start; it is no command.
 */
final class Training {
    private static final int LOOK_AGAIN_MILLIS = 20;
    private static final int PATIENCE_MILLIS = 60_000;
    private static final PrintWriter NOWHERE = new PrintWriter(OutputStream.nullOutputStream(), false,
            StandardCharsets.UTF_8);

    private final Path folder;
    private final List<Thread> endpoints = new ArrayList<>();

    private Training(Path folder) {
        this.folder = folder;
    }

    /** Trains, and ends with 0 if all of it could be done. */
    public static void main(String[] args) throws Exception {
        Main.settle("listen");
        Path folder = Files.createTempDirectory("ninetunnel-training");
        try {
            new Training(folder).run();
        } finally {
            new Folder(folder).close();
        }
        System.exit(0);
    }

    private void run() throws Exception {
        Path north = Files.createDirectory(folder.resolve("north"));
        Path south = Files.createDirectory(folder.resolve("south"));
        new PeerFile(north).add(new Peer(Identity.loadOrCreate(south).id(), "south"));
        new PeerFile(south).add(new Peer(Identity.loadOrCreate(north).id(), "north"));
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

    private static void command(String... words) {
        int code = Main.run(NOWHERE, NOWHERE, words);
        if (code != 0) {
            throw new Failure(code, words[0] + " ended with " + code);
        }
    }
}
