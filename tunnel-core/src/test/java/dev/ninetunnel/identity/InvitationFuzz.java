package dev.ninetunnel.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.ninetunnel.identity.invitation.Invitation;
import java.nio.charset.StandardCharsets;

/** A line with an invitation is understood, and then its code stands in it; or it is refused with a message that shows no secret. */
class InvitationFuzz {
    private static final int SECRET_PART = 12;

    @FuzzTest
    void isUnderstoodOrRefused(byte[] input) {
        String line = new String(input, StandardCharsets.UTF_8);
        try {
            Invitation invitation = Invitation.parse(line);
            assertThat(line).contains(invitation.code());
            assertThat(Invitation.parse(invitation.code())).isEqualTo(invitation);
            assertThat(invitation.toString()).doesNotContain(invitation.secret());
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).isNotBlank();
            String code = line.replaceFirst("(?s).*nt1-", "");
            if (code.length() >= SECRET_PART && code.length() < line.length()) {
                assertThat(e.getMessage()).doesNotContain(code.substring(0, SECRET_PART));
            }
        }
    }
}
