package dev.ninetunnel.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("the table of types")
class MessageTypeTest {
    /** As Plan 9's {@code fcall.h} and Linux's {@code net/9p/9p.h} number them; from 200 on, docs/protocol.md. */
    private static final String NUMBERS = """
            7 Rlerror 8 Tstatfs 9 Rstatfs 12 Tlopen 13 Rlopen 14 Tlcreate 15 Rlcreate 16 Tsymlink 17 Rsymlink 18 Tmknod
            19 Rmknod 20 Trename 21 Rrename 22 Treadlink 23 Rreadlink 24 Tgetattr 25 Rgetattr 26 Tsetattr 27 Rsetattr
            30 Txattrwalk 31 Rxattrwalk 32 Txattrcreate 33 Rxattrcreate 40 Treaddir 41 Rreaddir 50 Tfsync 51 Rfsync
            52 Tlock 53 Rlock 54 Tgetlock 55 Rgetlock 70 Tlink 71 Rlink 72 Tmkdir 73 Rmkdir 74 Trenameat 75 Rrenameat
            76 Tunlinkat 77 Runlinkat 100 Tversion 101 Rversion 102 Tauth 103 Rauth 104 Tattach 105 Rattach 107 Rerror
            108 Tflush 109 Rflush 110 Twalk 111 Rwalk 112 Topen 113 Ropen 114 Tcreate 115 Rcreate 116 Tread 117 Rread
            118 Twrite 119 Rwrite 120 Tclunk 121 Rclunk 122 Tremove 123 Rremove 124 Tstat 125 Rstat 126 Twstat
            127 Rwstat 200 Twant 201 Rgranted 202 Tbreak 203 Rbreak 204 Tbehind 205 Rbehind
            206 Tlist 207 Rlist 208 Tbreaks 209 Rbreaks
            210 Trenameat2 211 Rrenameat2 212 Tfallocate 213 Rfallocate 214 Tlseek 215 Rlseek 216 Tcopyrange
            217 Rcopyrange 218 Ttmpfile 219 Rtmpfile 220 Tchecksum 221 Rchecksum 222 Tput 223 Rput""";

    @Test
    void numbersTypesAsTheManualsDo() {
        Map<Integer, String> known = new TreeMap<>();
        String[] words = NUMBERS.split("\\s+", -1);
        for (int i = 0; i < words.length; i += 2) {
            known.put(Integer.valueOf(words[i]), words[i + 1]);
        }
        Map<Integer, String> ours = Arrays.stream(MessageType.values()).collect(
                Collectors.toMap(MessageType::number, MessageType::toString, (a, _) -> a, TreeMap::new));
        assertThat(ours).isEqualTo(known);
    }

    @ParameterizedTest
    @ValueSource(ints = {6, 106, 0, 10, 11, 28, 29, 34, 42, 56, 78, 99, 128, 200, 201, 202, 203, 204, 205, 206, 207,
            208, 209, 255})
    @DisplayName("L4 has no Tlerror, no Terror, and nothing else that is not in the manuals:")
    void hasNoOtherTypes(int number) {
        assertThat(MessageType.of(number)).isNull();
    }

    @Test
    @DisplayName("L1 tells requests from replies by the low bit, and pairs them")
    void pairsRequestsAndReplies() {
        for (MessageType type : MessageType.values()) {
            assertThat(MessageType.of(type.number())).isEqualTo(type.isOfLeases() ? null : type);
            assertThat(type.isRequest()).isEqualTo(type.name().startsWith("T")).isEqualTo(type.number() % 2 == 0);
            if (type.isRequest()) {
                String reply = type == MessageType.TWANT ? "Rgranted" : "R" + type.toString().substring(1);
                assertThat(type.reply()).hasToString(reply);
                assertThat(type.reply().isRequest()).isFalse();
            } else {
                assertThatThrownBy(type::reply).isInstanceOf(IllegalStateException.class);
            }
        }
    }
}
