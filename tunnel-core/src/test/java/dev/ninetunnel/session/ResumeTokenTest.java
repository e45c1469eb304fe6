package dev.ninetunnel.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands in the version string about a session. */
class ResumeTokenTest {
    private static final String ID = "0123456789abcdef0123456789abcdef";

    @Test
    @DisplayName("a claim is written as the protocol says, and read back")
    void roundTrip() {
        ResumeToken resumeToken = new ResumeToken(SessionId.of(ID).orElseThrow(), 3, 1041);
        assertThat(resumeToken.in("9P2000.L").utf8()).isEqualTo("9P2000.L;session=" + ID + ";link=3;received=1041");
        assertThat(ResumeToken.of(resumeToken.in("9P2000.L").utf8())).contains(resumeToken);
    }

    @Test
    @DisplayName("parameters may stand in any order, and unknown ones do not matter")
    void anyOrder() {
        assertThat(ResumeToken.of("9P2000.L;x;received=0;y=z;link=1;session=" + ID))
                .contains(new ResumeToken(SessionId.of(ID).orElseThrow(), 1, 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ";link=1;received=0", ";session=" + ID + ";received=0", ";session=" + ID + ";link=1",
            ";session=" + ID + ";link=0;received=0", ";session=" + ID + ";link=1;received=-1",
            ";session=" + ID + ";link=1;received=+1", ";session=" + ID + ";link=1;received=",
            ";session=" + ID + ";link=1;received=99999999999999999999", ";session=" + ID + "0;link=1;received=0",
            ";session=0123456789ABCDEF0123456789abcdef;link=1;received=0",
            ";session=0123456789abcdef0123456789abcdeg;link=1;received=0"})
    @DisplayName("what is no whole claim is none")
    void none(String parameters) {
        assertThat(ResumeToken.of("9P2000.L" + parameters)).isEmpty();
    }

    @Test
    @DisplayName("a refusal says why, and one whose reason is not known here means that the session is over")
    void refusals() {
        assertThat(Refusal.of(Refusal.STALE.in("9P2000.L"))).contains(Refusal.STALE);
        assertThat(Refusal.of("9P2000.L;refused=moon")).contains(Refusal.UNKNOWN);
        assertThat(Refusal.of("9P2000.L")).isEqualTo(Optional.empty());
    }

    @Test
    @DisplayName("no two session ids are alike")
    void random() {
        SecureRandom random = new SecureRandom();
        assertThat(SessionId.random(random)).isNotEqualTo(SessionId.random(random));
        SessionId one = SessionId.random(random);
        assertThat(SessionId.of(one.toString())).contains(one);
    }
}
