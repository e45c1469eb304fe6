package dev.ninetunnel.identity.invitation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.ninetunnel.identity.PeerId;
import java.security.SecureRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The code that one person hands to another. */
class InvitationTest {
    private static final PeerId ROME = new PeerId("0123456789abcdef".repeat(4));

    private static Invitation to(String host) {
        return Invitation.random(host, 443, ROME, new SecureRandom());
    }

    @ParameterizedTest
    @ValueSource(strings = {"server.example.org", "192.0.2.7", "2001:db8::7", "a"})
    @DisplayName("a code holds all of an invitation, wherever in a line it stands")
    void roundTrip(String host) {
        Invitation made = to(host);
        assertThat(made.secret()).hasSize(32);
        assertThat(made.code()).matches("nt1-[A-Za-z0-9_-]+");
        assertThat(Invitation.parse(made.code())).isEqualTo(made);
        assertThat(Invitation.parse("  echo " + made.code() + " | ninetunnel accept\r\n")).isEqualTo(made);
    }

    @Test
    @DisplayName("no two have a secret or an id in common, and the secret is shown to no log")
    void secrets() {
        Invitation one = to("rome");
        assertThat(to("rome").secret()).isNotEqualTo(one.secret());
        assertThat(to("rome").id()).isNotEqualTo(one.id());
        assertThat(one.toString()).doesNotContain(one.secret()).contains("rome:443");
    }

    @Test
    @DisplayName("a code that was cut is told from one that was mistyped, at every place, and neither is shown")
    void broken() {
        String code = to("server.example.org").code();
        assertThatIllegalArgumentException().isThrownBy(() -> Invitation.parse(code.substring(0, 5)))
                .withMessageContaining("cut short");
        for (int i = 6; i < code.length(); i++) {
            String cut = code.substring(0, i);
            assertThatIllegalArgumentException().as("cut after %d", i).isThrownBy(() -> Invitation.parse(cut))
                    .withMessageContainingAll(i + " characters of " + code.length(), "Copy all of it");
        }
        for (int i = 5; i < code.length() - 1; i++) {
            String wrong = code.substring(0, i) + (code.charAt(i) == 'x' ? 'y' : 'x') + code.substring(i + 1);
            assertThatIllegalArgumentException().as("mistyped at %d", i).isThrownBy(() -> Invitation.parse(wrong))
                    .satisfies(e -> assertThat(e.getMessage()).containsAnyOf("mistyped", "cut short")
                            .doesNotContain(code.substring(20, 40)));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> Invitation.parse(code + "A"))
                .withMessageContaining("mistyped");
        assertThatIllegalArgumentException().isThrownBy(() -> Invitation.parse(code + "AAAA"))
                .withMessageContaining("mistyped");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hello", "3f9c0c5e", "NT1-AAAA"})
    @DisplayName("what is no code at all is told how one begins")
    void noCode(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Invitation.parse(text))
                .withMessageContainingAll("begins with nt1-", "ninetunnel invite");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two words", "evil\u001b[2J", "a;b", "-x"})
    @DisplayName("a host that could mislead whoever sees it stands in no invitation")
    void hosts(String host) {
        assertThatIllegalArgumentException().isThrownBy(() -> to(host)).withMessageNotContaining("\u001b");
    }
}
