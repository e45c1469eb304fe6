package dev.ninetunnel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a command says when it waits for a peer (docs/running.md, "When the link is lost"). */
class WaitNoticeTest {
    private static final String STATUS = """
            endpoint 3f9c, process 4711
            laptop: silent for 27 s, an answer is overdue
              link           192.0.2.7:51312, TLSv1.3
              last contact   27 s ago
              used here by   1 local clients, 14 fids, 0 requests open
            backup: waiting, try 4 in 3.2 s: nobody listens at 192.0.2.9:5640
              used here by   1 local clients, 0 fids, 0 requests open
            """;

    @Test
    @DisplayName("it says for whom, how it stands with the link, and when the peer was last heard of")
    void knows() {
        assertThat(WaitNotice.words("laptop", STATUS))
                .isEqualTo("waiting for laptop: silent for 27 s, an answer is overdue; last heard of 27 s ago");
    }

    @Test
    @DisplayName("where the peer was not heard of yet, it says what is being done")
    void neverHeardOf() {
        assertThat(WaitNotice.words("backup", STATUS))
                .isEqualTo("waiting for backup: waiting, try 4 in 3.2 s: nobody listens at 192.0.2.9:5640");
    }

    @Test
    @DisplayName("where nobody tells, it says for whom it waits")
    void nobodyTells() {
        assertThat(WaitNotice.words("other", STATUS)).isEqualTo("waiting for other");
        assertThat(WaitNotice.words("laptop", "")).isEqualTo("waiting for laptop");
    }
}
