package dev.ninetunnel.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.link.Wire;
import dev.ninetunnel.link.Wire.Way;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two links that cross, step by step (docs/protocol.md, "Links that cross"). North has the lower id. */
class CrossingTest {
    @TempDir
    private Path folder;
    private Side north;
    private Side south;
    private Wire norths;
    private Wire souths;

    /** Both have dialled, and asked; neither has heard of it. */
    @BeforeEach
    void dial() throws IOException {
        north = new Side("n", folder.resolve("north"), "n");
        south = new Side("s", folder.resolve("south"), "s");
        norths = new Wire(north.id(), "north", south.id(), "south");
        souths = new Wire(south.id(), "south", north.id(), "north");
        south.accepted(norths.accepted());
        north.dialled(norths.dialled());
        north.accepted(souths.accepted());
        south.dialled(souths.dialled());
        assertThat(norths.carries(Way.FROM_DIALLER)).isTrue();
        assertThat(souths.carries(Way.FROM_DIALLER)).isTrue();
    }

    @AfterEach
    void close() {
        north.close();
        south.close();
        List.of(norths, souths).forEach(Wire::cut);
    }

    private void carryAll() {
        boolean moved = true;
        while (moved) {
            moved = false;
            for (Wire wire : List.of(norths, souths)) {
                for (Way way : Way.values()) {
                    if (wire.carries(way)) {
                        wire.deliver(way);
                        moved = true;
                    }
                }
            }
            List.of(norths, souths).forEach(Wire::settle);
            north.settle();
            south.settle();
        }
    }

    @Test
    @DisplayName("the side with the lower id refuses the other's link while its own is not answered")
    void lowerRefuses() {
        souths.deliver(Way.FROM_DIALLER);
        assertThat(souths.isOpen(Way.TO_DIALLER)).isFalse();
        carryAll();
        assertThat(norths.isOpen(Way.TO_DIALLER)).isTrue();
        assertThat(north.isContent()).isTrue();
        assertThat(south.isContent()).isTrue();
        assertThat(north.errors()).isEmpty();
        assertThat(south.errors()).isEmpty();
    }

    @Test
    @DisplayName("the side with the higher id takes the other's link on, and closes its own")
    void higherGivesWay() {
        norths.deliver(Way.FROM_DIALLER);
        souths.settle();
        assertThat(souths.isOpen(Way.FROM_DIALLER)).isFalse();
        carryAll();
        assertThat(north.isContent()).isTrue();
        assertThat(south.isContent()).isTrue();
        assertThat(north.errors()).isEmpty();
        assertThat(south.errors()).isEmpty();
    }

    @Test
    @DisplayName("a link that has not been answered for 5 seconds keeps nobody away: nobody may be there")
    void notForLong() {
        norths.loseEnd(Way.TO_DIALLER);
        norths.pass(TimeUnit.SECONDS.toNanos(5));
        souths.deliver(Way.FROM_DIALLER);
        carryAll();
        assertThat(souths.isOpen(Way.TO_DIALLER)).isTrue();
        assertThat(norths.isOpen(Way.FROM_DIALLER)).isFalse();
        assertThat(south.isContent()).isTrue();
        assertThat(north.errors()).isEmpty();
    }
}
