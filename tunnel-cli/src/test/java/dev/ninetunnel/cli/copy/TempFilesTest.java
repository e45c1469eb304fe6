package dev.ninetunnel.cli.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ninetunnel.wire.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an interrupted copy leaves: nothing, or what the next one clears away. */
class TempFilesTest {
    private static final Instant NOW = Instant.parse("2026-11-29T05:00:00Z");
    private static final Text FILE = Text.of("file");

    @TempDir
    private Path folder;

    private static PartNames names(int place, long process, Instant now) {
        return new PartNames(place, process, number -> number == 7, Clock.fixed(now, ZoneOffset.UTC), new Random(1));
    }

    @Test
    @DisplayName("a part that is made while the process is leaving is removed too, and no further one is begun")
    void leaving() throws Exception {
        Path part = folder.resolve("part");
        AtomicBoolean silent = new AtomicBoolean();
        AtomicBoolean begun = new AtomicBoolean();
        CountDownLatch missed = new CountDownLatch(1);
        try (TempFiles tempFiles = new TempFiles(() -> silent.set(true))) {
            @SuppressWarnings("unused") // Its maker is stopped by the end of the process, before it can close it.
            var unfinished = tempFiles.expect(() -> {
                try {
                    Files.delete(part);
                } catch (IOException e) {
                    missed.countDown();
                    throw e;
                }
            });
            Thread leaving = Thread.ofPlatform().start(tempFiles::leave);
            missed.await();
            Files.createFile(part);
            Thread next = Thread.ofPlatform().daemon().start(() -> {
                tempFiles.expect(() -> {}).close();
                begun.set(true);
            });
            leaving.join();
            assertThat(part).doesNotExist();
            assertThat(silent).isTrue();
            await().atMost(Duration.ofMinutes(1)).until(() -> next.getState() == Thread.State.WAITING);
            assertThat(begun).isFalse();
        }
    }

    @Test
    @DisplayName("a part is left over when its process is gone, or, of another place, when it is a day old and rests")
    void dead() {
        PartNames here = names(1, 8, NOW);
        Text deadHere = names(1, 6, NOW).next(FILE);
        Text aliveHere = names(1, 7, NOW.minus(Duration.ofDays(9))).next(FILE);
        Text oldElsewhere = names(2, 6, NOW.minus(Duration.ofDays(2))).next(FILE);
        Text newElsewhere = names(2, 6, NOW.minus(Duration.ofHours(23))).next(FILE);
        Text ofEarlierVersion = Text.of(".ninetunnel-00000001-6-1-12345678.part");
        Instant longAgo = NOW.minus(Duration.ofDays(365));
        assertThat(here.isLeftOver(deadHere, NOW)).isTrue();
        assertThat(here.isLeftOver(ofEarlierVersion, NOW)).isTrue();
        assertThat(here.isLeftOver(aliveHere, longAgo)).isFalse();
        assertThat(here.isLeftOver(oldElsewhere, longAgo)).isTrue();
        assertThat(here.isLeftOver(oldElsewhere, NOW)).isFalse();
        assertThat(here.isLeftOver(newElsewhere, longAgo)).isFalse();
        assertThat(here.isLeftOver(Text.of(".ninetunnel-mine.part"), longAgo)).isFalse();
        assertThat(here.isLeftOver(Text.of("x" + deadHere), longAgo)).isFalse();
        assertThat(PartNames.isPart(PartNames.own().next(FILE))).isTrue();
        assertThat(PartNames.own().isLeftOver(PartNames.own().next(FILE), longAgo)).isFalse();
    }
}
