package dev.ninetunnel.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("a layout")
class LayoutTest {
    private static final String HEADER = "00000000000000";

    private static String fault(String layout, String body) {
        ByteBuf frame = Unpooled.wrappedBuffer(HexFormat.of().parseHex(HEADER + body));
        String fault = new Layout(layout).fault(frame);
        assertThat(frame.readerIndex()).isZero();
        return fault;
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({"'', ''", "4, 01020304", "s, 0000", "s, 020061 62", "d, 00000000", "d, 01000000ff", "F?4, 01000000",
            "F?4, 0100000002000000", "w, 0000", "w, 0200 0000 010061", "Q, 0000",
            "Q, 0100 00000000000000000000000000", "z, 0200 0000", "z, 0300 0100 ff", "s?s, 0000", "s?s, 0000 0000"})
    @DisplayName("finds no fault with a body of its shape:")
    void findsNoFaultWithItsShape(String layout, String body) {
        assertThat(fault(layout, body.replace(" ", ""))).isNull();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({"'', 00", "4, 010203", "4, 0102030405", "s, ''", "s, 00", "s, 0100", "s, 0000 00", "s, ffff",
            "d, 000000", "d, 01000000", "d, ffffffff", "d, ffffff7f", "d, 00000000 00", "F?4, 01000000 02",
            "F?4, 01000000 020000", "F?4, 01000000 02000000 00", "w, 0100", "w, 0100 0100", "w, ffff", "w, 0000 00",
            "Q, 0100", "Q, 1100", "Q, ffff", "z, 0000", "z, 0100 00", "z, 0200", "z, 0200 0100", "z, 0300 0000 00",
            "z, 0400 0200 ff", "s?s, 0000 01", "q, 00", "S, 0200 0000", "S, 0400 0200 0000"})
    @DisplayName("L2 finds fault with a field that runs past the end, and with bytes left over:")
    void findsFault(String layout, String body) {
        assertThat(fault(layout, body.replace(" ", ""))).isNotNull();
    }

    @Test
    @DisplayName("L2 refuses more than 16 qids, with all their bytes there")
    void refusesTooManyQids() {
        assertThat(fault("Q", "1000" + "00".repeat(16 * Qid.BYTES))).isNull();
        assertThat(fault("Q", "1100" + "00".repeat(17 * Qid.BYTES))).isNotNull();
    }

    @Test
    void saysWhatIsWrong() {
        assertThat(fault("4s", "000000000500")).isEqualTo("field 2 of \"4s\" runs past the end of its 13 bytes");
        assertThat(fault("4", "")).isEqualTo("it has 7 bytes instead of 11");
        assertThat(fault("s", "0000ff")).isEqualTo("1 bytes are left over behind the last field");
    }
}
