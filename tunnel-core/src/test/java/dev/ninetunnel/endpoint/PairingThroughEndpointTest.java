package dev.ninetunnel.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ninetunnel.endpoint.control.Status;
import dev.ninetunnel.export.Grant;
import dev.ninetunnel.export.Rights;
import dev.ninetunnel.identity.Identity;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerFile;
import dev.ninetunnel.identity.invitation.Invitation;
import dev.ninetunnel.identity.invitation.Invitations;
import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.link.dial.Destination;
import dev.ninetunnel.testing.EndpointPair;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An endpoint takes those in who have used an invitation, while it runs, and each side knows the other afterwards. */
class PairingThroughEndpointTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final HostPort ANYWHERE = new HostPort("127.0.0.1", 0);

    @TempDir
    private Path folder;
    private final List<AutoCloseable> open = new ArrayList<>();
    private Invitations romes;

    @BeforeEach
    void prepare() throws Exception {
        Files.createDirectories(folder.resolve("files"));
        romes = new Invitations(home("rome"), Clock.systemUTC());
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
    }

    private Path home(String name) {
        return folder.resolve(name);
    }

    private EndpointConfig config(String name) throws Exception {
        return new EndpointConfig(home(name), home(name).resolve("run"), EndpointConfig.DEFAULT_MSIZE,
                List.of(EndpointPair.directory(folder.resolve("files"))), EndpointConfig.Limits.DEFAULT);
    }

    private Endpoint endpoint(String name) throws Exception {
        Endpoint made = Endpoint.open(config(name));
        open.add(made);
        return made;
    }

    private Invitation invite(String name, int port, boolean replacing) throws Exception {
        return romes.invite(name, "127.0.0.1", port, Identity.loadOrCreate(home("rome")).id(), Duration.ofMinutes(15),
                replacing);
    }

    private PairingClient accept(Invitation made, String as, String name) throws Exception {
        return PairingClient.of(made, home(as), new Destination.Direct(new HostPort(made.host(), made.port())), name,
                false);
    }

    @Test
    @DisplayName("an endpoint that listens lets in who is invited after it started, and both lists have the other's key")
    void running() throws Exception {
        Endpoint rome = endpoint("rome");
        int port = rome.listen(ANYWHERE).getPort();
        PairingClient done = accept(invite("oslo", port, false), "oslo", "rome");

        assertThat(done.peer()).isEqualTo(new Peer(rome.id(), "rome"));
        assertThat(done.calledThere()).isEqualTo("oslo");
        assertThat(new PeerFile(home("oslo")).list()).containsExactly(new Peer(rome.id(), "rome"));
        Endpoint oslo = endpoint("oslo");
        assertThat(new PeerFile(home("rome")).list()).containsExactly(new Peer(oslo.id(), "oslo"));
        oslo.dial(new HostPort("127.0.0.1", port), "rome");
        await().atMost(PATIENCE).until(() -> Files.exists(rome.socket("oslo")));
    }

    @Test
    @DisplayName("where a file names a peer without a key, the key that is paired under its name is the peer's, at once")
    void hub() throws Exception {
        Grant grant = new Grant(Grant.Access.READ_ONLY, "", List.of(), Optional.empty());
        PeerConfig peer = new PeerConfig("oslo", Optional.empty(), Optional.empty(), List.of(),
                new Rights(Map.of("files", grant), Rights.Limits.STANDARD, true));
        Hub hub = Hub.open(new HubConfig(config("rome"), List.of(ANYWHERE), List.of(peer)));
        open.add(hub);
        hub.start();
        int port = hub.addresses().getFirst().getPort();

        accept(invite("oslo", port, false), "oslo", "rome");
        endpoint("oslo").dial(new HostPort("127.0.0.1", port), "rome");

        accept(invite("lima", port, false), "lima", "rome");
        Endpoint lima = endpoint("lima");
        assertThatThrownBy(() -> lima.dial(new HostPort("127.0.0.1", port), "rome"))
                .as("who is not named in the file may do nothing").isInstanceOf(EndpointException.class);
    }

    @Test
    @DisplayName("a peer's new key takes the place of the old one, whose link ends")
    void replaces() throws Exception {
        Endpoint rome = endpoint("rome");
        int port = rome.listen(ANYWHERE).getPort();
        accept(invite("oslo", port, false), "oslo", "rome");
        Endpoint old = endpoint("oslo");
        old.dial(new HostPort("127.0.0.1", port), "rome");
        await().atMost(PATIENCE).until(() -> linked(rome));

        accept(invite("oslo", port, true), "oslo-anew", "rome");
        await().atMost(PATIENCE).until(() -> !linked(rome));
        endpoint("oslo-anew").dial(new HostPort("127.0.0.1", port), "rome");
        await().atMost(PATIENCE).until(() -> linked(rome));
    }

    private static boolean linked(Endpoint endpoint) {
        return endpoint.status().peers().stream().anyMatch(Status.PeerStatus::linked);
    }

    @Test
    @DisplayName("where no endpoint runs, a reception hears who is invited, and lets nobody do anything else")
    void reception() throws Exception {
        Invitation made;
        int port;
        try (PairingServer pairingServer = PairingServer.open(home("rome"), ANYWHERE)) {
            port = pairingServer.address().getPort();
            made = invite("oslo", port, false);
            accept(made, "oslo", "rome");
            Endpoint oslo = endpoint("oslo");
            assertThatThrownBy(() -> oslo.dial(new HostPort("127.0.0.1", port), "rome"))
                    .isInstanceOf(EndpointException.class);
        }
        assertThatThrownBy(() -> accept(made, "oslo", "rome")).hasMessageContaining("nobody listens");
        endpoint("rome").listen(new HostPort("127.0.0.1", port));
        assertThat(accept(made, "oslo", "rome").calledThere()).as("the answer is had again").isEqualTo("oslo");
    }

    @Test
    @DisplayName("what is in the way on the side that is invited is found before the invitation is used")
    void inTheWay() throws Exception {
        int port = endpoint("rome").listen(ANYWHERE).getPort();
        Invitation made = invite("oslo", port, false);
        new PeerFile(home("oslo")).add(new Peer(Identity.loadOrCreate(home("lima")).id(), "rome"));
        assertThatThrownBy(() -> accept(made, "oslo", "rome")).isInstanceOf(EndpointException.class)
                .hasMessageContainingAll("the name rome stands for another key", "--name", "--replace",
                        "has not been used");
        assertThat(romes.state(made.id())).isEqualTo(new Invitations.State.Open(5));
        assertThatThrownBy(() -> accept(made, "rome", "rome")).hasMessageContaining("on the other host");
        assertThat(accept(made, "oslo", "roma").peer().name()).isEqualTo("roma");
    }

    @Test
    @DisplayName("a refusal says what to do")
    void refusals() throws Exception {
        int port = endpoint("rome").listen(ANYWHERE).getPort();
        Invitation made = invite("oslo", port, false);
        Invitation guess = new Invitation(made.host(), made.port(), made.inviter(), made.id(), "0".repeat(32));
        assertThatThrownBy(() -> accept(guess, "oslo", "rome")).isInstanceOf(EndpointException.class)
                .hasMessageContainingAll("the secret in it is wrong", "4 more");
        assertThat(new PeerFile(home("oslo")).list()).as("who refused is not trusted").isEmpty();
        accept(made, "oslo", "rome");
        Invitation second = invite("stockholm", port, false);
        assertThatThrownBy(() -> accept(second, "oslo", "rome")).hasMessageContaining("is trusted there already");
        assertThatThrownBy(() -> accept(made, "lima", "rome")).hasMessageContainingAll("has been used already",
                "a stranger has used it");
    }
}
