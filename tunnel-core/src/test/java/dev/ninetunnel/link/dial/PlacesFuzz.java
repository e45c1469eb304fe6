package dev.ninetunnel.link.dial;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.ninetunnel.link.HostPort;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * What people write of places, and proxies of themselves: it is understood, or refused with a message; what is understood is
 * written so that it is understood again; a password is not repeated. An input is lines of text: a place, a proxy, a list of
 * hosts for which there is none, and a challenge.
 */
class PlacesFuzz {
    private static final ProxyCredentials ANN = new ProxyCredentials("ann", "hush\u00e4");

    @FuzzTest
    void isUnderstoodOrRefused(byte[] input) {
        String[] lines = (new String(input, StandardCharsets.UTF_8) + "\n\n\n\n").split("\n", -1);
        place(lines[0]);
        proxy(lines[1]);
        exempt(lines[0], lines[2]);
        challenge(lines[3]);
    }

    private static Optional<HostPort> place(String text) {
        try {
            HostPort where = HostPort.parse(text);
            if (!where.host().isEmpty()) {
                assertThat(HostPort.parse(where.toString())).isEqualTo(where);
            }
            return Optional.of(where);
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).isNotBlank();
            return Optional.empty();
        }
    }

    private static void proxy(String text) {
        try {
            Proxy proxy = Proxy.parse(text);
            assertThat(Proxy.parse(proxy.toString()).where()).isEqualTo(proxy.where());
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    private static void exempt(String place, String list) {
        ProxyEnvironment environment = new ProxyEnvironment(Map.of("https_proxy", "http://p:1", "no_proxy", list));
        place(place).ifPresent(environment::proxyFor);
    }

    private static void challenge(String text) {
        // A header field has no control characters by the time it comes here.
        List<Challenge> challenges = Challenge.parse(List.of(text.replaceAll("\\p{Cntrl}", "")));
        HttpAuth auth = new HttpAuth(new SplittableRandom(1));
        auth.answer(challenges, ANN, "far.example:443").ifPresent(answer -> {
            assertThat(answer).doesNotContain("hush").doesNotContainPattern("\\p{Cntrl}");
            assertThat(HttpAuth.canAnswer(challenges)).isTrue();
        });
    }
}
