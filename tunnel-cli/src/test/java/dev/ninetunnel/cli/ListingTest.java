package dev.ninetunnel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.cli.process.Umask;
import dev.ninetunnel.client.FileKind;
import dev.ninetunnel.client.FileStatus;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("what ls shows")
class ListingTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-21T12:00:00Z"), ZoneOffset.UTC);

    private static FileStatus status(FileKind kind, int mode, long size, String time, String owner) {
        return new FileStatus(kind, mode, size, Instant.parse(time), Text.of(owner), Text.of("7"), 1,
                new Qid(0, 0, 0));
    }

    @Test
    @DisplayName("long lines have their columns one below the other, and the year instead of the time for what is old")
    void longLines() {
        List<String> lines = Listing.longLines(List.of(
                new Listing.Line("a", Optional.of(status(FileKind.FILE, 0644, 12, "2026-11-20T10:05:00Z", "1000")),
                        Optional.empty()),
                new Listing.Line("gone", Optional.empty(), Optional.empty()),
                new Listing.Line("l", Optional.of(status(FileKind.SYMLINK, 0777, 1, "2001-09-09T01:46:40Z", "0")),
                        Optional.of("a"))),
                Long::toString, CLOCK);
        assertThat(lines).containsExactly(
                "-rw-r--r-- 1 1000 7 12 Nov 20 10:05 a",
                "?????????? ? ?    ?  ?            ? gone",
                "lrwxrwxrwx 1 0    7  1 Sep  9  2001 l -> a");
    }

    @Test
    @DisplayName("an empty directory has no lines")
    void nothing() {
        assertThat(Listing.longLines(List.of(), Long::toString, CLOCK)).isEmpty();
        assertThat(Listing.columns(List.of(), 80)).isEmpty();
    }

    @Test
    @DisplayName("columns are filled downwards, in as few lines as fit the width")
    void columns() {
        List<String> names = List.of("one", "two", "three", "four", "five");
        assertThat(Listing.columns(names, 80)).containsExactly("one  two  three  four  five");
        assertThat(Listing.columns(names, 18)).containsExactly("one  three  five", "two  four");
        assertThat(Listing.columns(names, 3)).isEqualTo(names);
    }

    @Test
    @DisplayName("modes are written as ls writes them")
    void modes() {
        assertThat(ModeText.of(FileKind.DIRECTORY, 01777)).isEqualTo("drwxrwxrwt");
        assertThat(ModeText.of(FileKind.FILE, 04755)).isEqualTo("-rwsr-xr-x");
        assertThat(ModeText.of(FileKind.FILE, 06644)).isEqualTo("-rwSr-Sr--");
        assertThat(ModeText.of(FileKind.OTHER, 01640)).isEqualTo("?rw-r----T");
    }

    @Test
    @DisplayName("permissions go to java.nio and back unchanged")
    void permissions() {
        for (int mode = 0; mode <= ModeText.RWX; mode++) {
            assertThat(ModeText.ofPosix(ModeText.toPosix(mode))).isEqualTo(mode);
        }
    }

    @Test
    @DisplayName("amounts are short")
    void amounts() {
        assertThat(Amount.bytes(1023)).isEqualTo("1023 B");
        assertThat(Amount.bytes(1536)).isEqualTo("1.5 KiB");
        assertThat(Amount.bytes(1L << 30)).isEqualTo("1.0 GiB");
        assertThat(Amount.bytes(Long.MAX_VALUE)).isEqualTo("8.0 EiB");
        assertThat(Amount.speed(5_000_000, 2_000_000_000L)).isEqualTo("2.5 MB/s");
        assertThat(Amount.speed(5, 0)).isEqualTo("0.0 MB/s");
    }

    @Test
    @DisplayName("the umask is the one that Linux tells, or the usual one")
    void umask() {
        assertThat(Umask.of(List.of("Name:\tjava", "Umask:\t0077"))).isEqualTo(077);
        assertThat(Umask.of(List.of("Name:\tjava"))).isEqualTo(022);
    }
}
