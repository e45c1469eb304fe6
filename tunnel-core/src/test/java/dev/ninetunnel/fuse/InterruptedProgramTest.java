package dev.ninetunnel.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ninetunnel.client.Login;
import dev.ninetunnel.client.NineClient;
import dev.ninetunnel.client.Offer;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rlock;
import dev.ninetunnel.wire.message.Tflush;
import dev.ninetunnel.wire.message.Tgetattr;
import dev.ninetunnel.wire.message.Tlcreate;
import dev.ninetunnel.wire.message.Tlock;
import dev.ninetunnel.wire.message.Tlopen;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Twalk;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs on a mount whose server does not answer, or answers what no server should. */
class InterruptedProgramTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private Path folder;
    private Path at;
    private ScriptedServer server;
    private EventLoopGroup loops;
    private FuseMount mount;
    private int fids;

    @BeforeEach
    void mount() throws Exception {
        assumeTrue(Files.isWritable(Path.of("/dev/fuse")), "SKIPPED: this user may not open /dev/fuse");
        at = Files.createDirectory(folder.resolve("mnt"));
        server = new ScriptedServer(folder.resolve("server"));
        loops = NineClient.loops(1);
        mount = FuseMount.mount(
                () -> NineClient.connect(loops, UnixDomainSocketAddress.of(folder.resolve("server")), Offer.any()), at,
                "server:", FuseSettings.of(Login.ofThisProcess(Text.EMPTY), new Owners(false, 0, 0)));
        fids = server.fids();
    }

    @AfterEach
    void unmount() throws Exception {
        if (mount != null) {
            FuseMount.unmount(at, true);
            mount.ended().get(60, TimeUnit.SECONDS);
            loops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
            server.close();
        }
    }

    private Process start(String... command) throws IOException {
        return new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    }

    private static void signal(String name, Process process) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor()).isZero();
    }

    private static String ended(Process process) throws Exception {
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as("the program has ended").isTrue();
        return said;
    }

    private void awaitKept(Class<? extends Tmessage> kind) {
        await().atMost(PATIENCE).until(() -> server.kept(kind) > 0);
    }

    /** What the kernel knows of the file is asked for again and again: it may keep the file, but nothing else. */
    private void awaitNothingOpen() {
        await().atMost(PATIENCE).until(() -> server.fids() <= fids + 1);
    }

    @ParameterizedTest
    @CsvSource({"KILL,Twalk", "KILL,Tgetattr", "KILL,Tlopen", "KILL,Tread", "INT,Twalk", "INT,Tgetattr", "INT,Tlopen",
            "INT,Tread"})
    void aKilledProgramEndsWhileTheServerDoesNotAnswerAndLateAnswersLeaveNothingBehind(String signal, String request)
            throws Exception {
        server.keep(t -> t.type().name().equalsIgnoreCase(request));
        Process cat = start("cat", "mnt/f");
        awaitKept(switch (request) {
            case "Twalk" -> Twalk.class;
            case "Tgetattr" -> Tgetattr.class;
            case "Tlopen" -> Tlopen.class;
            default -> Tread.class;
        });
        signal(signal, cat);
        ended(cat);
        assertThat(cat.exitValue()).isEqualTo(signal.equals("KILL") ? 137 : 130);
        server.answerKept();
        assertThat(ended(start("wc", "-c", "mnt/f"))).isEqualTo("10 mnt/f");
        awaitNothingOpen();
    }

    @Test
    void aFileThatIsMadeTooLateForItsProgramIsClosedAgain() throws Exception {
        server.answerFirst(t -> t instanceof Twalk walk && !walk.names().isEmpty() && !server.hasSeen(
                Tlcreate.class::isInstance) ? new Rlerror(2) : null);
        server.keep(Tlcreate.class::isInstance);
        Process touch = start("touch", "mnt/f");
        awaitKept(Tlcreate.class);
        signal("KILL", touch);
        ended(touch);
        server.answerKept();
        await().atMost(PATIENCE).until(() -> server.fids() == fids);
    }

    /** As on a local disk: a timer must not make git or make fail. */
    @Test
    void aProgramIsNotDisturbedByASignalThatItHandlesForItself() throws Exception {
        server.keep(Tgetattr.class::isInstance);
        Process python = start("python3", "-c", """
                import os, signal
                signal.signal(signal.SIGALRM, lambda *_: None)
                signal.siginterrupt(signal.SIGALRM, False)
                signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)
                print(os.stat('mnt').st_size)
                """);
        awaitKept(Tgetattr.class);
        await().pollDelay(Duration.ofMillis(500)).atMost(PATIENCE).until(() -> server.kept(Tgetattr.class) == 1);
        assertThat(server.hasSeen(Tflush.class::isInstance)).isFalse();
        server.answerKept();
        assertThat(ended(python)).isEqualTo("0");
    }

    @Test
    void aProgramThatIsKilledAfterSuchASignalEnds() throws Exception {
        server.keep(Tgetattr.class::isInstance);
        Process python = start("python3", "-c", """
                import os, signal
                signal.signal(signal.SIGALRM, lambda *_: None)
                signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)
                os.stat('mnt')
                """);
        awaitKept(Tgetattr.class);
        signal("KILL", python);
        ended(python);
        assertThat(python.exitValue()).isEqualTo(137);
    }

    @Test
    void aProgramThatHandlesCtrlCGoesOnWithinASecond() throws Exception {
        server.keep(Tgetattr.class::isInstance);
        Process python = start("python3", "-c", """
                import os
                try:
                    os.stat('mnt')
                except KeyboardInterrupt:
                    print('interrupted')
                """);
        awaitKept(Tgetattr.class);
        signal("INT", python);
        assertThat(ended(python)).isEqualTo("interrupted");
    }

    @Test
    void aLockThatIsGrantedTooLateForItsProgramIsGivenBack() throws Exception {
        server.keep(Tlock.class::isInstance);
        Process python = start("python3", "-c", """
                import fcntl, os, signal, sys
                signal.signal(signal.SIGALRM, lambda *_: sys.exit('gave up'))
                signal.alarm(1)
                fd = os.open('mnt/f', os.O_RDWR)
                try:
                    fcntl.lockf(fd, fcntl.LOCK_EX)
                except SystemExit as e:
                    print(e, flush=True)
                    sys.stdin.read()
                """);
        awaitKept(Tlock.class);
        assertThat(python.inputReader().readLine()).isEqualTo("gave up");
        server.answerKept();
        await().atMost(PATIENCE).until(() -> server.hasSeen(t -> t instanceof Tlock lock && lock.lockType() == 2));
        python.getOutputStream().close();
        ended(python);
    }

    @Test
    void aLockThatSomebodyElseHasIsNotAskedForAfterItsProgramHasGivenUp() throws Exception {
        server.answerFirst(t -> t instanceof Tlock ? new Rlock(1) : null);
        Process flock = start("flock", "-x", "mnt/f", "true");
        await().atMost(PATIENCE).until(() -> server.hasSeen(Tlock.class::isInstance));
        signal("INT", flock);
        ended(flock);
        awaitNothingOpen();
    }

    /** The kernel drops what it does not take as an answer, and the program would wait for ever. */
    @ParameterizedTest
    @ValueSource(ints = {512, 600, 4095, 4096, 0, -1, Integer.MAX_VALUE})
    void aNumberThatIsNoErrorOfProgramsFailsTheCall(int number) throws Exception {
        server.answerFirst(t -> t instanceof Tlopen ? new Rlerror(number) : null);
        assertThat(ended(start("cat", "mnt/f"))).isEqualTo("cat: mnt/f: Input/output error");
    }

    /** By ENOSYS a file system tells the kernel to take each fsync to come as done. */
    @Test
    void aServerThatCannotSyncIsNotTakenForOneThatNeedNot() throws Exception {
        server.answerFirst(t -> t.type().name().equals("TFSYNC") ? new Rlerror(38) : null);
        for (int i = 0; i < 2; i++) {
            assertThat(ended(start("sync", "mnt/f"))).contains("Operation not supported");
        }
    }

    @Test
    void whenTheServerIsGoneProgramsWaitAndCanBeInterruptedAndTheMountCanBeTakenAway() throws Exception {
        server.keep(Tgetattr.class::isInstance);
        Process waiting = start("stat", "mnt/f");
        awaitKept(Tgetattr.class);
        server.close();
        Process other = start("stat", "mnt/f");
        assertThat(other.waitFor(500, TimeUnit.MILLISECONDS)).as("ended").isFalse();
        assertThat(waiting.isAlive()).isTrue();
        signal("INT", waiting);
        signal("KILL", other);
        ended(waiting);
        ended(other);
        mount.unmount();
        mount.ended().get(60, TimeUnit.SECONDS);
        mount = null;
        assertThat(at).isEmptyDirectory();
    }
}
