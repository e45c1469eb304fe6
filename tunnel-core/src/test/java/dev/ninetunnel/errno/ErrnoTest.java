package dev.ninetunnel.errno;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("the table of errors")
class ErrnoTest {
    @Test
    @DisplayName("S2 has numbers of 1 to 4095, each once")
    void hasNumbersThatRlerrorMayCarry() {
        assertThat(Arrays.stream(Errno.values()).map(Errno::number)).doesNotHaveDuplicates()
                .allSatisfy(number -> assertThat(number).isBetween(1, 4095));
    }

    @Test
    @DisplayName("S18 finds each error again by its number and by its words")
    void findsEachErrorAgain() {
        for (Errno errno : Errno.values()) {
            assertThat(Errno.of(errno.number())).isEqualTo(errno);
            assertThat(Errno.of(errno.words())).isEqualTo(errno);
        }
    }

    @Test
    @DisplayName("S18 understands the words of Plan 9's servers")
    void understandsPlan9() {
        assertThat(Errno.of("file does not exist")).isEqualTo(Errno.ENOENT);
        assertThat(Errno.of("permission denied")).isEqualTo(Errno.EACCES);
        assertThat(Errno.of("fid unknown or out of range")).isEqualTo(Errno.EBADF);
    }

    @Test
    void takesWhatItDoesNotKnowForAnInputOutputError() {
        assertThat(Errno.of(4095)).isEqualTo(Errno.EIO);
        assertThat(Errno.of(0)).isEqualTo(Errno.EIO);
        assertThat(Errno.of("the moon is in the wrong phase")).isEqualTo(Errno.EIO);
    }
}
