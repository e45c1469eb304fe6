package dev.ninetunnel.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.testing.EndpointPair;
import dev.ninetunnel.testing.Relay;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A link that is cut again and again under people who work: they notice nothing but a pause. */
class CutsIT {
    @TempDir
    private Path folder;

    @Test
    @DisplayName("60 cuts at any byte cost nobody an error, a line, or a byte, and leave nothing behind")
    void aFewCuts() throws Exception {
        workThrough(60, 1, EndpointConfig.Limits.DEFAULT);
    }

    @Test
    @DisplayName("cuts cost nobody what it has read before either, where both sides keep what leases cover")
    void aFewCutsWithCaches() throws Exception {
        workThrough(20, Long.getLong("ninetunnel.seed", 3), EndpointConfig.Limits.DEFAULT.withCache(64 << 20));
    }

    @Test
    @Tag("endurance")
    @DisplayName("1,000 cuts at any byte cost nobody an error, a line, or a byte, and leave nothing behind")
    void aThousandCuts() throws Exception {
        workThrough(1000, Long.getLong("ninetunnel.seed", 2), EndpointConfig.Limits.DEFAULT);
    }

    private void workThrough(int cuts, long seed, EndpointConfig.Limits limits) throws Exception {
        Random random = new Random(seed);
        try (EndpointPair pair = new EndpointPair(folder, List.of(EndpointPair.directory(folder.resolve("north"))),
                List.of(EndpointPair.directory(folder.resolve("south"))), limits);
                Relay relay = pair.linkThroughRelay();
                Busy north = new Busy(pair.southsFiles(), folder.resolve("south"), seed);
                Busy south = new Busy(pair.northsFiles(), folder.resolve("north"), seed + 1)) {
            north.begin();
            south.begin();
            // Now and then amid the handshake, but not so often that the pauses between the tries grow long.
            relay.cutEvery(() -> (long) Math.pow(2, random.nextInt(8) == 0
                    ? random.nextDouble(9, 13)
                    : random.nextDouble(13, 22)));
            while (relay.cuts() < cuts && north.isWell() && south.isWell()) {
                north.awaitRound();
                south.awaitRound();
            }
            relay.cutEvery(() -> Long.MAX_VALUE);
            north.end();
            south.end();
            assertThat(relay.cuts()).isGreaterThanOrEqualTo(cuts);
            pair.awaitNothingLeft();
        }
    }
}
