package dev.ninetunnel.endpoint.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class OpenFilesTest {
    @Test
    @DisplayName("the limit of open files is read as Linux writes it, if it writes one")
    void reads() {
        assertThat(
                OpenFiles.most(List.of("Limit                     Soft Limit           Hard Limit           Units     ",
                        "Max open files            1024                 524288               files     ",
                        "Max locked memory         8388608              8388608              bytes     ")))
                .isEqualTo(1024);
        assertThat(OpenFiles.most(List.of("Max open files            unlimited            unlimited            files")))
                .isEqualTo(Long.MAX_VALUE);
        assertThat(OpenFiles.most(List.of())).isEqualTo(Long.MAX_VALUE);
    }
}
