package dev.ninetunnel.identity.invitation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ninetunnel.identity.IdentityException;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerFile;
import dev.ninetunnel.identity.PeerId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the inviter keeps, and who can use it. */
class InvitationsTest {
    private static final PeerId SELF = new PeerId("f".repeat(64));
    private static final PeerId A = new PeerId("a".repeat(64));
    private static final PeerId B = new PeerId("b".repeat(64));
    private static final String WRONG = "0".repeat(32);
    private static final Duration LIFE = Duration.ofMinutes(15);

    @TempDir
    private Path home;
    private Instant now = Instant.parse("2026-11-21T12:00:00Z");
    private Invitations invitations;
    private PeerFile book;

    @BeforeEach
    void open() {
        invitations = new Invitations(home, clock());
        book = new PeerFile(home);
    }

    private Clock clock() {
        InstantSource source = () -> now;
        return source.withZone(ZoneOffset.UTC);
    }

    private Invitation invite(String name) throws IdentityException {
        return invitations.invite(name, "rome", 443, SELF, LIFE, false);
    }

    private RedeemResult redeem(Invitation made, PeerId by) throws IdentityException {
        return invitations.redeem(made.id(), made.secret(), by, book);
    }

    private static RedeemResult refused(RedeemResult.Why why, String name, int triesLeft) {
        return new RedeemResult.Refused(why, name, triesLeft);
    }

    @Test
    @DisplayName("who has the secret is put in the list of peers, under the name it is invited by, and nobody after it")
    void singleUse() throws Exception {
        Invitation made = invite("laptop");
        assertThat(invitations.state(made.id())).isEqualTo(new Invitations.State.Open(5));
        assertThat(redeem(made, A)).isEqualTo(new RedeemResult.Accepted("laptop"));
        assertThat(book.list()).containsExactly(new Peer(A, "laptop"));
        assertThat(invitations.state(made.id())).isEqualTo(new Invitations.State.Used(A));

        assertThat(redeem(made, B)).isEqualTo(refused(RedeemResult.Why.USED, "laptop", 5));
        assertThat(book.list()).containsExactly(new Peer(A, "laptop"));
    }

    @Test
    @DisplayName("the same key may do it again until it expires, but is not put back once it was taken from the list")
    void again() throws Exception {
        Invitation made = invite("laptop");
        redeem(made, A);
        assertThat(redeem(made, A)).isEqualTo(new RedeemResult.Accepted("laptop"));
        Files.writeString(book.file(), "");
        assertThat(redeem(made, A)).isEqualTo(refused(RedeemResult.Why.USED, "laptop", 5));
        assertThat(book.list()).isEmpty();
    }

    @Test
    @DisplayName("where it was cut short after the first step, the same key can go on, and no other can use it")
    void cutShort() throws Exception {
        Invitation made = invite("laptop");
        // What is there when the power fails between the two steps.
        Files.writeString(invitations.file(),
                Files.readString(invitations.file()).replace(" OPEN -", " TAKEN " + A.hex()));
        assertThat(redeem(made, B)).isEqualTo(refused(RedeemResult.Why.USED, "laptop", 5));
        assertThat(redeem(made, A)).isEqualTo(new RedeemResult.Accepted("laptop"));
        assertThat(book.list()).containsExactly(new Peer(A, "laptop"));
    }

    @Test
    @DisplayName("it holds up to its end, by the clock, and not at it")
    void expires() throws Exception {
        Invitation made = invite("laptop");
        Invitation other = invite("tablet");
        now = now.plus(LIFE).minusMillis(1);
        assertThat(invitations.any()).isTrue();
        assertThat(redeem(other, B)).isEqualTo(new RedeemResult.Accepted("tablet"));
        now = now.plusMillis(1);
        assertThat(invitations.any()).isFalse();
        assertThat(redeem(made, A)).isEqualTo(refused(RedeemResult.Why.EXPIRED, "laptop", 5));
        assertThat(redeem(other, B)).isEqualTo(refused(RedeemResult.Why.EXPIRED, "tablet", 5));
        assertThat(invitations.state(made.id())).isEqualTo(new Invitations.State.Over(RedeemResult.Why.EXPIRED));
        assertThat(book.list()).containsExactly(new Peer(B, "tablet"));
    }

    @Test
    @DisplayName("five wrong secrets end it, for the right one too; four do not")
    void fiveTries() throws Exception {
        Invitation spared = invite("tablet");
        Invitation made = invite("laptop");
        for (int left = 4; left > 0; left--) {
            assertThat(invitations.redeem(made.id(), WRONG, B, book))
                    .isEqualTo(refused(RedeemResult.Why.SECRET, "laptop", left));
            assertThat(invitations.redeem(spared.id(), left > 1 ? WRONG : spared.secret(), A, book))
                    .isInstanceOf(left > 1 ? RedeemResult.Refused.class : RedeemResult.Accepted.class);
        }
        assertThat(invitations.redeem(made.id(), WRONG, B, book))
                .isEqualTo(refused(RedeemResult.Why.ENDED, "laptop", 0));
        assertThat(redeem(made, B)).isEqualTo(refused(RedeemResult.Why.ENDED, "laptop", 0));
        assertThat(invitations.state(made.id())).isEqualTo(new Invitations.State.Over(RedeemResult.Why.ENDED));
        assertThat(book.list()).containsExactly(new Peer(A, "tablet"));
    }

    @Test
    @DisplayName("who does not know an invitation's id costs it no try, and nothing is written")
    void unknownId() throws Exception {
        Invitation made = invite("laptop");
        String before = Files.readString(invitations.file());
        for (int i = 0; i < 10; i++) {
            assertThat(invitations.redeem("0".repeat(16), made.secret(), B, book))
                    .isEqualTo(refused(RedeemResult.Why.UNKNOWN, "", 0));
        }
        assertThat(invitations.file()).hasContent(before);
    }

    @Test
    @DisplayName("the file is for its owner alone, and no secret stands in it")
    void file() throws Exception {
        Invitation made = invite("laptop");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(invitations.file())))
                .isEqualTo("rw-------");
        assertThat(Files.readString(invitations.file())).contains(made.id()).doesNotContain(made.secret())
                .doesNotContain(made.code().substring(20, 40));
    }

    @Test
    @DisplayName("of many who use it at once, by several processes, exactly one does")
    void race() throws Exception {
        Invitation made = invite("laptop");
        List<Callable<RedeemResult>> tries = IntStream.range(0, 16).<Callable<RedeemResult>>mapToObj(i -> () ->
        // each with its own view of the files, as another process has
        new Invitations(home, clock()).redeem(made.id(), made.secret(),
                new PeerId(String.format("%064x", i + 1)), new PeerFile(home)))
                .toList();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            int accepted = 0;
            for (Future<RedeemResult> one : threads.invokeAll(tries)) {
                accepted += one.get() instanceof RedeemResult.Accepted ? 1 : 0;
            }
            assertThat(accepted).isEqualTo(1);
        }
        assertThat(book.list()).hasSize(1);
    }

    @Test
    @DisplayName("another invitation of a name takes the place of the one before; one that is withdrawn is gone")
    void withdrawn() throws Exception {
        Invitation first = invite("laptop");
        Invitation second = invite("laptop");
        assertThat(redeem(first, A)).isEqualTo(refused(RedeemResult.Why.UNKNOWN, "", 0));
        invitations.withdraw(second.id());
        assertThat(redeem(second, A)).isEqualTo(refused(RedeemResult.Why.UNKNOWN, "", 0));
        assertThat(invitations.any()).isFalse();
        assertThat(book.list()).isEmpty();
    }

    @Test
    @DisplayName("a name that stands for another key keeps it, unless the invitation is to replace it")
    void replaces() throws Exception {
        book.add(new Peer(A, "laptop"));
        Files.writeString(book.file(), "# mine\n" + Files.readString(book.file()) + "# end\n");
        assertThat(redeem(invite("laptop"), B)).isEqualTo(refused(RedeemResult.Why.NAME, "laptop", 5));
        assertThat(book.list()).containsExactly(new Peer(A, "laptop"));

        Invitation made = invitations.invite("laptop", "rome", 443, SELF, LIFE, true);
        assertThat(redeem(made, B)).isEqualTo(new RedeemResult.Accepted("laptop"));
        assertThat(book.list()).containsExactly(new Peer(B, "laptop"));
        assertThat(book.file()).content().startsWith("# mine\n").endsWith("# end\n");
    }

    @Test
    @DisplayName("a key that is trusted under another name is not given a second one, and the invitation stays")
    void known() throws Exception {
        book.add(new Peer(A, "lap"));
        Invitation made = invite("laptop");
        assertThat(redeem(made, A)).isEqualTo(refused(RedeemResult.Why.KEY, "laptop", 5));
        assertThat(redeem(made, B)).isEqualTo(new RedeemResult.Accepted("laptop"));
    }

    @Test
    @DisplayName("once it is used, there is an invitation for the key that used it and for no other")
    void gate() throws Exception {
        assertThat(invitations.any()).isFalse();
        Invitation made = invite("laptop");
        assertThat(invitations.anyFor(B)).isTrue();
        redeem(made, A);
        assertThat(invitations.any()).isTrue();
        assertThat(invitations.anyFor(A)).isTrue();
        assertThat(invitations.anyFor(B)).isFalse();
    }

    @Test
    @DisplayName("a file that is broken lets nobody pair, and is named")
    void broken() throws Exception {
        Invitation made = invite("laptop");
        Files.writeString(invitations.file(), "nonsense\n");
        assertThatThrownBy(() -> redeem(made, A)).isInstanceOf(IdentityException.class)
                .hasMessageContainingAll(invitations.file().toString(), "broken");
        assertThat(book.list()).isEmpty();
    }
}
