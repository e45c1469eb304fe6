package dev.ninetunnel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.cli.copy.ProgressLine;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.FileSystemException;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is told of many files that fail. */
class ReportTest {
    private final StringWriter said = new StringWriter();
    private final Report report = new Report(ProgressLine.none(new PrintWriter(said, true)), false);

    @Test
    @DisplayName("what is wrong with the host or the disk is told once, with its side, and how many more files suffer from it")
    void once() {
        for (int i = 0; i < 5000; i++) {
            String file = "/here/" + i;
            report.attempt("p", () -> {
                throw new FileSystemException(file, null, "Too many open files");
            });
        }
        report.tellRest();
        assertThat(said.toString().lines()).containsExactly("ninetunnel: /here/0: Too many open files here",
                "ninetunnel: 4999 more files: Too many open files here");
        assertThat(report.exitCode()).isEqualTo(74);
    }

    @Test
    @DisplayName("the limit of descriptors is read as proc(5) writes it")
    void limit() {
        assertThat(Descriptors
                .limit(List.of("Limit                     Soft Limit           Hard Limit           Units     ",
                        "Max open files            64                   128                  files     ")))
                .isEqualTo(64);
        assertThat(Descriptors.limit(List.of())).isEqualTo(Integer.MAX_VALUE);
        assertThat(Descriptors.free()).isPositive();
    }
}
