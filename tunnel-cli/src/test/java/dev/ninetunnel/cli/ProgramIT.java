package dev.ninetunnel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ninetunnel.testing.FreePort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The program as people run it: the packaged jar, in processes of its own. */
@Execution(ExecutionMode.CONCURRENT)
class ProgramIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private Path folder;
    private final List<Process> running = new ArrayList<>();

    @AfterEach
    void stop() {
        running.forEach(Process::destroyForcibly);
    }

    private record Started(Process process, Path out, Path err) {
        void awaitReady() {
            await().atMost(PATIENCE).until(() -> Files.readString(out).startsWith("ready")
                    || !process.isAlive());
            assertThat(out).content().startsWith("ready");
        }
    }

    /** Starts the program. */
    private Started start(String name, String... words) throws IOException {
        return start(List.of(), name, words);
    }

    /** The same, started by another program. */
    private Started start(List<String> by, String name, String... words) throws IOException {
        Path out = folder.resolve(name + ".out");
        Path err = folder.resolve(name + ".err");
        List<String> command = new ArrayList<>(by);
        command.addAll(PackagedProgram.BUILT.command());
        command.addAll(List.of(words));
        command.add("--home=" + folder.resolve(name.replaceFirst("-.*", "")));
        Process process = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        running.add(process);
        return new Started(process, out, err);
    }

    private String say(String name, String... words) throws IOException, InterruptedException {
        Started started = start(name, words);
        assertThat(started.process().waitFor()).as(Files.readString(started.err())).isZero();
        return Files.readString(started.out()).strip();
    }

    @Test
    void twoHostsTrustEachOtherLinkUseEachOthersFilesAndLeave() throws Exception {
        say("laptop-1", "trust", say("server-1", "id"), "--name", "server");
        say("server-2", "trust", say("laptop-2", "id"), "--name", "laptop");
        Path serverFiles = Files.createDirectory(folder.resolve("server-files"));
        Path laptopFiles = Files.createDirectory(folder.resolve("laptop-files"));
        Files.writeString(serverFiles.resolve("a"), "from the server\n");
        Files.writeString(laptopFiles.resolve("b"), "from the laptop\n");

        Started listen = start("server-3", "listen", "127.0.0.1:0", "--export", serverFiles.toString());
        listen.awaitReady();
        String port = Files.readString(listen.out()).replaceAll("(?s).*127\\.0\\.0\\.1:(\\d+).*", "$1");
        Started dial = start("laptop-3", "dial", "127.0.0.1:" + port, "--peer", "server", "--export",
                laptopFiles.toString());
        dial.awaitReady();

        assertThat(say("laptop-4", "cat", "server:a")).isEqualTo("from the server");
        assertThat(say("server-4", "cat", "laptop:b")).isEqualTo("from the laptop");
        say("laptop-5", "put", laptopFiles.resolve("b").toString(), "server:copy");
        assertThat(serverFiles.resolve("copy")).hasContent("from the laptop\n");

        assertThat(say("laptop-6", "status")).contains("server: linked");
        leave(listen);
        Started refused = start("laptop-7", "ls", "server:");
        assertThat(refused.process().waitFor()).isEqualTo(69);
        assertThat(refused.err()).content().contains("server is not linked");
        assertThat(say("laptop-8", "status")).contains("server: waiting, try ");
        leave(dial);
        assertThat(folder.resolve("laptop/run/server.9p")).doesNotExist();
        assertThat(folder.resolve("laptop/run/ctl.9p")).doesNotExist();
    }

    /** The line that an invitation prints, as a shell on the other host runs it. */
    private String use(String name, Started invite) throws IOException, InterruptedException {
        await().atMost(PATIENCE).until(() -> Files.size(invite.out()) > 0 || !invite.process().isAlive());
        String line = Files.readString(invite.out()).strip();
        assertThat(line).matches("echo nt1-[A-Za-z0-9_-]+ \\| ninetunnel accept");
        String program = "ninetunnel() { " + PackagedProgram.BUILT.words() + " \"$@\" --home=" + folder.resolve(name)
                + "; }\n";
        Process shell = new ProcessBuilder("/bin/sh", "-c", program + line).redirectErrorStream(true).start();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor()).as(said).isZero();
        assertThat(invite.process().waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(invite.process().exitValue()).as(Files.readString(invite.err())).isZero();
        return said;
    }

    /** The JVM makes what calls a function of the C library anew at every start, some 15 ms for each. */
    @Test
    void anEndpointThatLinksBindsOneFunctionOfTheCLibrary() throws Exception {
        say("laptop-1", "trust", say("server-1", "id"), "--name", "server");
        say("server-2", "trust", say("laptop-2", "id"), "--name", "laptop");
        Path listening = folder.resolve("listening.classes");
        Path dialling = folder.resolve("dialling.classes");
        Started listen = start(logged(listening), "server-3", "listen", "127.0.0.1:0", "--export", folder.toString());
        listen.awaitReady();
        String port = Files.readString(listen.out()).replaceAll("(?s).*127\\.0\\.0\\.1:(\\d+).*", "$1");
        start(logged(dialling), "laptop-3", "dial", "127.0.0.1:" + port, "--peer", "server").awaitReady();
        assertThat(Files.readAllLines(listening)).filteredOn(line -> line.contains("DowncallStub/")).hasSize(1);
        assertThat(Files.readAllLines(dialling)).filteredOn(line -> line.contains("DowncallStub/")).hasSize(1);
    }

    private static List<String> logged(Path classes) {
        return List.of("env", "NINETUNNEL_JAVA_OPTS=-Xlog:class+load:file=" + classes);
    }

    @Test
    void fromNothingToTheOthersFilesInTwoCommandsASide() throws Exception {
        Path serverFiles = Files.createDirectory(folder.resolve("server-files"));
        Files.writeString(serverFiles.resolve("a"), "from the server\n");
        Started listen = start("server-1", "listen", "127.0.0.1:0", "--export", serverFiles.toString());
        listen.awaitReady();
        Started invite = start("server-2", "invite", "laptop");
        String said = use("laptop", invite);
        assertThat(said).contains("paired with 127.0.0.1, peer id ", folder.resolve("laptop/peers").toString(),
                "next:  ninetunnel dial 127.0.0.1:");
        assertThat(invite.err()).content().contains("paired with laptop", folder.resolve("server/peers").toString(),
                "lets it in from now on");
        String[] next = said.replaceAll("(?s).*next:  ninetunnel (dial [^\n]*).*", "$1").strip().split(" ");
        Started dial = start("laptop-1", next);
        dial.awaitReady();
        assertThat(say("laptop-2", "cat", "127.0.0.1:a")).isEqualTo("from the server");
        leave(dial);
        leave(listen);
    }

    @Test
    void anInvitationIsHeardBeforeAnyEndpointRunsAndIsWithdrawnWhenItsCommandIsInterrupted() throws Exception {
        String said = use("laptop", start("server-1", "invite", "laptop", "--listen", "127.0.0.1:0"));
        assertThat(said).contains("the other side calls this one laptop");
        Started known = start("server-2", "invite", "laptop", "--listen", "127.0.0.1:0");
        assertThat(known.process().waitFor()).isEqualTo(78);
        assertThat(known.err()).content().contains("laptop is trusted already", "--replace");

        Started other = start("server-3", "invite", "tablet", "--listen", "127.0.0.1:0");
        await().atMost(PATIENCE).until(() -> Files.size(other.out()) > 0);
        assertThat(folder.resolve("server/invitations")).content().contains(" tablet ");
        other.process().destroy();
        assertThat(other.process().waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(other.err()).content().contains("the invitation is withdrawn");
        assertThat(folder.resolve("server/invitations")).content().doesNotContain(" tablet ");
    }

    @Test
    void oneEndpointServesManyPeersAsAFileSaysAndFollowsTheFile() throws Exception {
        Path files = Files.createDirectory(folder.resolve("files"));
        Files.writeString(files.resolve("a"), "from the hub\n");
        Path config = Files.createDirectories(folder.resolve("hub")).resolve("ninetunnel.toml");
        String bob = say("bob-1", "id");
        String both = """
                listen = "127.0.0.1:0"
                [export.files]
                path = "../files"
                [peer.ann]
                id = "%s"
                allow = { files = "ro" }
                """.formatted(say("ann-1", "id"));
        Files.writeString(config, both + "[peer.bob]\nid = \"" + bob + "\"\nallow.files = \"rw\"\n");
        assertThat(say("hub-1", "verify")).isEqualTo("ann: files ro" + System.lineSeparator() + "bob: files rw");
        Started up = start("hub-2", "up");
        up.awaitReady();
        String port = Files.readString(up.out()).replaceAll("(?s).*127\\.0\\.0\\.1:(\\d+).*", "$1");
        String hub = say("hub-3", "id");
        say("ann-2", "trust", hub, "--name", "hub");
        say("bob-2", "trust", hub, "--name", "hub");
        Started ann = start("ann-3", "dial", "127.0.0.1:" + port, "--peer", "hub");
        Started other = start("bob-3", "dial", "127.0.0.1:" + port, "--peer", "hub");
        ann.awaitReady();
        other.awaitReady();
        say("bob-4", "put", files.resolve("a").toString(), "hub:b");
        assertThat(start("ann-4", "put", files.resolve("a").toString(), "hub:c").process().waitFor()).isNotZero();

        Files.writeString(config, both.replace("\"ro\"", "\"rw\""));
        say("hub-4", "reload");
        assertThat(other.process().waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(other.process().exitValue()).isEqualTo(77);
        say("ann-5", "put", files.resolve("a").toString(), "hub:c");

        Files.writeString(config, both + "lissen = 1\n");
        Started broken = start("hub-5", "reload");
        assertThat(broken.process().waitFor()).isEqualTo(78);
        assertThat(broken.err()).content().contains("all stays as it was", "ninetunnel.toml:7:", "unknown key");
        new ProcessBuilder("kill", "-HUP", String.valueOf(up.process().pid())).start().waitFor();
        await().atMost(PATIENCE).until(() -> Files.readString(up.err()).contains("all stays as it was"));
        assertThat(say("ann-6", "cat", "hub:b")).isEqualTo("from the hub");
        leave(ann);
        leave(up);
    }

    @Test
    void aPeerIsReachedOverTheStandardInputAndOutputOfACommand() throws Exception {
        say("laptop-1", "trust", say("server-1", "id"), "--name", "server");
        say("server-2", "trust", say("laptop-2", "id"), "--name", "laptop");
        Path serverFiles = Files.createDirectory(folder.resolve("server-files"));
        Files.writeString(serverFiles.resolve("a"), "from the server\n");
        Path code = folder.resolve("code");
        String listen = PackagedProgram.BUILT.words() + " listen --stdio --home=" + folder.resolve("server")
                + " --export "
                + serverFiles + "; echo $? > " + code;
        Started dial = start("laptop-3", "dial", "--via", listen, "--peer", "server");
        dial.awaitReady();
        assertThat(say("laptop-4", "cat", "server:a")).isEqualTo("from the server");
        assertThat(dial.err()).content().contains("says: ready: serving standard input and output");
        leave(dial);
        await().atMost(PATIENCE).until(() -> Files.exists(code) && Files.size(code) > 0);
        assertThat(code).hasContent("0\n");
    }

    @Test
    void aPatientDiallerWaitsForThePeerAndDialsAtOnceWhenItIsToldTo() throws Exception {
        say("laptop-1", "trust", say("server-1", "id"), "--name", "server");
        say("server-2", "trust", say("laptop-2", "id"), "--name", "laptop");
        int port = FreePort.find();
        Started dial = start("laptop-3", "dial", "127.0.0.1:" + port, "--peer", "server", "--retry");
        await().atMost(PATIENCE).until(() -> Files.readString(dial.err()).contains("(try 5): nobody listens"));
        await().atMost(PATIENCE).until(() -> {
            new ProcessBuilder("kill", "-USR1", String.valueOf(dial.process().pid())).start().waitFor();
            return Files.readString(dial.err()).contains("at once: asked to");
        });
        Started listen = start("server-3", "listen", "127.0.0.1:" + port);
        dial.awaitReady();
        leave(dial);
        leave(listen);
    }

    @Test
    void anEndpointThatIsOutOfDescriptorsSaysSoOnceKeepsItsLinksAndGoesOnWhenThereAreSome() throws Exception {
        say("laptop-1", "trust", say("server-1", "id"), "--name", "server");
        say("server-2", "trust", say("laptop-2", "id"), "--name", "laptop");
        Path files = Files.createDirectory(folder.resolve("server-files"));
        Files.writeString(files.resolve("a"), "from the server\n");
        Started listen = start(List.of("prlimit", "--nofile=200:200"), "server-3", "listen", "127.0.0.1:0", "--export",
                files.toString(), "--handshakes", "5000", "--handshakes-per-address", "5000", "--handshakes-per-second",
                "5000", "--handshakes-per-second-per-address", "5000", "--opening", "600");
        listen.awaitReady();
        int port = Integer.parseInt(Files.readString(listen.out()).replaceAll("(?s).*127\\.0\\.0\\.1:(\\d+).*", "$1"));
        Started dial = start("laptop-3", "dial", "127.0.0.1:" + port, "--peer", "server", "--keepalive", "2",
                "--dead-after", "12");
        dial.awaitReady();
        List<Socket> strangers = new ArrayList<>();
        try {
            while (!Files.readString(listen.err()).contains("Too many open files")) {
                strangers.add(new Socket(InetAddress.getLoopbackAddress(), port));
            }
            // Longer than a link lives that says nothing.
            TimeUnit.SECONDS.sleep(16);
            assertThat(say("laptop-4", "status")).contains("server: linked", "resumed 0 times");
            assertThat(listen.process().isAlive()).isTrue();
        } finally {
            for (Socket stranger : strangers) {
                stranger.close();
            }
        }
        await().atMost(PATIENCE).until(() -> start("laptop-5", "cat", "server:a").process().waitFor() == 0);
        assertThat(say("server-4", "status")).contains("laptop: linked");
        Path other = folder.resolve("other");
        say("server-5", "trust", say("other-1", "id"), "--name", "other");
        say("other-2", "trust", say("server-6", "id"), "--name", "server");
        Started another = start("other-3", "dial", "127.0.0.1:" + port, "--peer", "server");
        another.awaitReady();
        assertThat(other).isDirectory();
        assertThat(Files.readString(listen.err()).split("Too many open files\\. ", -1)).as("told once").hasSize(2);
        leave(another);
        leave(dial);
        leave(listen);
    }

    /** SIGTERM, and an exit code of 0. */
    private static void leave(Started endpoint) throws InterruptedException, IOException {
        endpoint.process().destroy();
        assertThat(endpoint.process().waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(endpoint.process().exitValue()).as(Files.readString(endpoint.err(), StandardCharsets.UTF_8))
                .isZero();
    }
}
