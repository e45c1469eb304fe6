package dev.ninetunnel.cli.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ninetunnel.endpoint.EndpointConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How people write how much is kept of a peer's files. */
class CacheSizeTest {
    @ParameterizedTest
    @CsvSource({"off,0", "1M,1048576", "64M,67108864", "64MiB,67108864", "2 GB,2147483648", "1024K,1048576",
            "999999999G,1073741822926258176"})
    void aSizeIsOffOrANumberWithAUnit(String text, long bytes) {
        assertThat(CacheSize.parse(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "on", "64", "1023K", "0M", "-1M", "1.5M", "64m", "64T", "9999999999G", "64M off"})
    void whatIsNoSizeIsRefusedWithWhatToSay(String text) {
        assertThatThrownBy(() -> CacheSize.parse(text)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'" + text + "' is no size of a cache: say off, or at least 1M, such as 64M");
    }

    @Test
    void theCommandLineSaysWhatHoldsIfNobodySaysOtherwise() {
        assertThat(CacheSize.parse(CacheSize.USUAL)).isEqualTo(EndpointConfig.Limits.DEFAULT.cache());
    }
}
