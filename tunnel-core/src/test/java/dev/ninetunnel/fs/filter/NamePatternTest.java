package dev.ninetunnel.fs.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamePatternTest {
    /** What {@code \xNN} stands for in the table is a byte that is not UTF-8. */
    private static byte[] name(String shown) {
        byte[] utf8 = shown.replace("\\xff", "\u0001").getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < utf8.length; i++) {
            utf8[i] = utf8[i] == 1 ? (byte) 0xff : utf8[i];
        }
        return utf8;
    }

    @ParameterizedTest
    @DisplayName("a pattern stands for the names that a shell would say")
    @CsvSource(quoteCharacter = '"', value = {"*.key, secret.key, true", "*.key, .key, true", "*.key, key, false",
            "*.key, a.key.pub, false", "*.key, a.KEY, false", "secret, secret, true", "secret, secrets, false",
            "secret, Secret, false", ".*, .git, true", ".*, a.git, false", "*, anything, true", "**, x, true",
            "a*b*c, abc, true", "a*b*c, a-b-b-c, true", "a*b*c, acb, false", "?, a, true", "?, ab, false",
            "?, é, true", "??, é, false", "?, 𝄞, true", "é*, été, true", "*é, \\xffé, true", "?, \\xff, true",
            "a?c, a\\xffc, true", "a??c, a\\xff\\xffc, true", "a*c, a\\xff\\xffc, true", "[a-z], \\xff, false",
            "[!a-z], \\xff, true", "[é-ü], ö, true", "[a-c], b, true", "[a-c], d, false", "[!a-c], d, true",
            "[^a-c], b, false", "[]a], ], true", "[!]a], ], false", "[a-], -, true", "[-a], -, true",
            "[\\]], ], true", "\\*, *, true", "\\*, a, false", "\\[, [, true", "[*], *, true", "[*], a, false",
            "*.[ch], main.c, true", "*.[ch], main.o, false", "*~, draft~, true", "a\\\\b, a\\b, true"})
    void matches(String pattern, String name, boolean expected) {
        assertThat(NamePattern.parse(pattern).matches(name(name))).isEqualTo(expected);
    }

    @ParameterizedTest
    @DisplayName("what is no pattern for names is refused in words")
    @ValueSource(strings = {"", "a/b", "/", "[a", "[", "[!", "[]", "[]a", "a\\", "[\\"})
    void refused(String pattern) {
        assertThatThrownBy(() -> NamePattern.parse(pattern)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("pattern");
    }

    @Test
    @DisplayName("a name that almost matches many stars takes no longer than lengths allow")
    void noBlowUp() {
        NamePattern pattern = NamePattern.parse("*a".repeat(100) + "b");
        Assertions.assertTimeout(Duration.ofMinutes(1),
                () -> assertThat(pattern.matches(name("a".repeat(255)))).isFalse());
    }
}
