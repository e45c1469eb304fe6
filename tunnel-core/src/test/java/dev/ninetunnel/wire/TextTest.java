package dev.ninetunnel.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("a text")
class TextTest {
    @Test
    @DisplayName("S19 keeps bytes that are not UTF-8")
    void keepsBytesThatAreNotUtf8() {
        byte[] bytes = {'a', (byte) 0xFF, (byte) 0xC0, (byte) 0xAF, 'b'};
        ByteBuf out = Unpooled.buffer();
        Text.of(bytes).write(out);
        assertThat(Text.read(out).bytes()).isEqualTo(bytes);
        assertThat(Text.of(bytes)).hasToString("a\\xff\\xc0\\xafb");
    }

    @Test
    void doesNotChangeWithTheBytesThatItWasMadeOfOrGaveOut() {
        byte[] bytes = {'a'};
        Text text = Text.of(bytes);
        bytes[0] = 'b';
        text.bytes()[0] = 'c';
        assertThat(text).isEqualTo(Text.of("a")).hasSameHashCodeAs(Text.of("a")).hasToString("a");
    }

    @Test
    void isOrderedByItsBytesWithoutSign() {
        assertThat(Text.of("a")).isLessThan(Text.of(new byte[]{(byte) 0x80})).isGreaterThan(Text.EMPTY)
                .isLessThan(Text.of("aa"));
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(delimiter = '|', value = {
            "plain name.txt|plain name.txt",
            "Grüße, 世界, 🙂|Grüße, 世界, 🙂",
            "back\\slash|back\\\\slash",
    })
    @DisplayName("is shown as it is where it does no harm:")
    void isShownAsItIs(String text, String shown) {
        assertThat(Text.of(text)).hasToString(shown);
    }

    @ParameterizedTest(name = "U+{0}")
    @CsvSource({"0, \\x00", "A, \\x0a", "1B, \\x1b", "7F, \\x7f", "9B, \\xc2\\x9b", "202E, \\xe2\\x80\\xae",
            "2028, \\xe2\\x80\\xa8", "2029, \\xe2\\x80\\xa9", "200B, \\xe2\\x80\\x8b", "FEFF, \\xef\\xbb\\xbf",
            "E0041, \\xf3\\xa0\\x81\\x81"})
    @DisplayName("is escaped where it could move a cursor or pass for something else:")
    void isEscaped(String hex, String shown) {
        String character = Character.toString(Integer.parseInt(hex, 16));
        assertThat(Text.of("<" + character + ">")).hasToString("<" + shown + ">");
    }

    @Test
    void whateverItsBytesAreItIsShownInOneLineWithoutControls() {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 2000; i++) {
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            String shown = Escaped.of(bytes);
            assertThat(shown.codePoints()).noneMatch(Character::isISOControl).noneMatch(c -> c == 0xFFFD);
            if (new String(bytes, StandardCharsets.US_ASCII).matches("[ -\\[\\]-~]*")) {
                assertThat(shown).hasSameSizeAs(bytes);
            }
        }
    }
}
