package dev.ninetunnel.link.dial;

import static dev.ninetunnel.link.Ends.failure;
import static dev.ninetunnel.link.Ends.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ninetunnel.identity.invitation.Invitations;
import dev.ninetunnel.link.Collected;
import dev.ninetunnel.link.Ends;
import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.link.Link;
import dev.ninetunnel.link.LinkEnd;
import dev.ninetunnel.link.LinkException;
import dev.ninetunnel.link.LinkLimits;
import dev.ninetunnel.link.Logged;
import dev.ninetunnel.link.accept.LinkOnStreams;
import dev.ninetunnel.link.pairing.Pairing;
import dev.ninetunnel.tls.Tls;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Links over a command's standard input and output, and over two streams on the side that accepts. */
class LinkCommandTest {
    @TempDir
    Path folder;

    private static CompletableFuture<Link> dial(Ends ends, String command) {
        return new LinkDialler(new Tls(ends.oslo, Clock.systemUTC()), Ends.SHORT).dial(new Destination.Via(command),
                ends.romeAsPeer(), ends.loops.next());
    }

    /** Carries its standard input and output to a port, and ends when both directions have. */
    private String carry(HostPort to) {
        return "echo hello 1>&2; echo $$ > '" + folder.resolve("pid") + "'; exec bash -c 'exec 3<>/dev/tcp/127.0.0.1/"
                + to.port() + "; cat <&3 & cat >&3; exec 3>&-; wait'";
    }

    private void awaitCommandGone() throws IOException {
        long pid = Long.parseLong(Files.readString(folder.resolve("pid")).strip());
        await().atMost(Ends.PATIENCE).until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
    }

    @Test
    @DisplayName("a link goes over a command, both ways at once and with back-pressure, and the command ends with it")
    void carries() throws Exception {
        try (Ends ends = Ends.trusting(folder)) {
            Link link = get(dial(ends, carry(ends.listen(LinkLimits.DEFAULT))));
            Link far = ends.nextAccepted();
            Collected here = new Collected();
            Collected there = new Collected();
            link.frameLimit(1 << 17);
            far.frameLimit(1 << 17);
            link.loop().execute(() -> link.route(here, here));
            far.loop().execute(() -> far.route(there, there));
            for (int i = 0; i < 200; i++) {
                Ends.send(link, Ends.frame(116, i, 1 << 16));
                Ends.send(far, Ends.frame(117, i, 1 << 16));
            }
            await().atMost(Ends.PATIENCE).until(() -> here.frames.size() == 200 && there.frames.size() == 200);
            link.close("the test is over");
            assertThat(get(far.closed()).kind()).isEqualTo(LinkEnd.Kind.GOODBYE);
            get(link.closed());
            awaitCommandGone();
        }
    }

    @Test
    @DisplayName("the far side's goodbye comes through a command")
    void goodbye() throws Exception {
        try (Ends ends = Ends.trusting(folder)) {
            Link link = get(dial(ends, carry(ends.listen(LinkLimits.DEFAULT))));
            link.loop().execute(() -> link.route(new Collected(), new Collected()));
            ends.nextAccepted().close("enough");
            assertThat(get(link.closed()).kind()).isEqualTo(LinkEnd.Kind.GOODBYE);
            awaitCommandGone();
        }
    }

    @Test
    @DisplayName("a command that ends is a link that is lost; one that does not end when its input is closed is ended")
    void lost() throws Exception {
        try (Ends ends = Ends.trusting(folder)) {
            HostPort rome = ends.listen(LinkLimits.DEFAULT);
            Link link = get(dial(ends, carry(rome)));
            link.loop().execute(() -> link.route(new Collected(), new Collected()));
            ProcessHandle command = ProcessHandle.of(Long.parseLong(Files.readString(folder.resolve("pid")).strip()))
                    .orElseThrow();
            command.descendants().forEach(ProcessHandle::destroyForcibly);
            command.destroyForcibly();
            assertThat(get(link.closed()).kind()).isEqualTo(LinkEnd.Kind.LOST);

            Link stubborn = get(dial(ends, "trap '' TERM; " + carry(rome) + "; sleep 1000"));
            stubborn.close("enough");
            get(stubborn.closed());
            awaitCommandGone();
        }
    }

    @Test
    @DisplayName("a command that leads nowhere is told of with its exit code and its last words, which are made safe")
    void leadsNowhere() throws Exception {
        try (Ends ends = Ends.trusting(folder); Logged logged = new Logged(LinkCommand.class)) {
            LinkException why = failure(dial(ends, "echo first 1>&2; printf 'no \\033[2J way' 1>&2; exit 3"));
            assertThat(why.kind()).isEqualTo(LinkException.Kind.COMMAND_ENDED);
            assertThat(why).message().contains("exit code 3", "no \\x1b[2J way").doesNotContain("\u001b");
            assertThat(logged.lines()).anyMatch(line -> line.contains("says: first"))
                    .anyMatch(line -> line.contains("ended with exit code 3"));

            LinkException none = failure(dial(ends, "no-such-command-anywhere"));
            assertThat(none.kind()).isEqualTo(LinkException.Kind.NO_COMMAND);
            assertThat(none).message().contains("127", "no-such-command-anywhere");
        }
    }

    @Test
    @DisplayName("a command that never says anything is left when the time for the handshake is up")
    void silent() throws Exception {
        try (Ends ends = Ends.trusting(folder)) {
            assertThat(failure(dial(ends, "echo $$ > '" + folder.resolve("pid") + "'; exec sleep 1000")).kind())
                    .isEqualTo(LinkException.Kind.TIMEOUT);
            awaitCommandGone();
        }
    }

    @Test
    @DisplayName("a peer is accepted over two streams, as a process that sshd or inetd starts has them")
    void onStreams() throws Exception {
        BlockingQueue<Link> accepted = new LinkedBlockingQueue<>();
        try (Ends ends = Ends.trusting(folder); java.net.ServerSocket plug = new java.net.ServerSocket(0)) {
            CompletableFuture<Link> dialled = ends.dial(new HostPort("127.0.0.1", plug.getLocalPort()));
            try (Socket socket = plug.accept()) {
                CompletableFuture<Void> over = LinkOnStreams.accept(socket.getInputStream(), socket.getOutputStream(),
                        "standard input", ends.loops.next(), new Tls(ends.rome, Clock.systemUTC()), ends.romesPeers,
                        new Pairing(new Invitations(folder, Clock.systemUTC()), ends.romesPeers, name -> {}),
                        LinkLimits.DEFAULT, accepted::add);
                Link link = get(dialled);
                link.loop().execute(() -> link.route(new Collected(), new Collected()));
                Link there = accepted.take();
                assertThat(there).hasToString("oslo at standard input");
                there.close("enough");
                assertThat(get(link.closed()).kind()).isEqualTo(LinkEnd.Kind.GOODBYE);
                get(over);
                get(there.closed());
            }
        }
    }
}
