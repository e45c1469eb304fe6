package dev.ninetunnel.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class NumberMapTest {
    private static final int MILLION = 1_000_000;

    @Test
    @DisplayName("a table of fids says what any other map says")
    void likeAnyMap() {
        NumberMap<Integer> fids = new NumberMap<>();
        Map<Integer, Integer> model = new HashMap<>();
        Random random = new Random(9);
        for (int i = 0; i < 100_000; i++) {
            int fid = random.nextBoolean() ? random.nextInt(500) : random.nextInt(3) - 2;
            if (random.nextBoolean()) {
                fids.put(fid, i);
                model.put(fid, i);
            } else {
                assertThat(fids.remove(fid)).isEqualTo(model.remove(fid));
            }
            assertThat(fids.get(fid)).isEqualTo(model.get(fid));
            assertThat(fids.containsKey(fid)).isEqualTo(model.containsKey(fid));
            assertThat(fids.size()).isEqualTo(model.size());
        }
        assertThat(fids.values()).containsExactlyInAnyOrderElementsOf(model.values());
    }

    /** Where each removal goes through those that follow it, this takes some 10^11 steps. */
    @Test
    @Timeout(120)
    @DisplayName("a million fids in a row go one by one without a look at the others")
    void removalLooksAtFew() {
        NumberMap<Integer> fids = new NumberMap<>();
        for (int fid = 0; fid < MILLION; fid++) {
            fids.put(fid, fid);
        }
        for (int fid = 0; fid < MILLION; fid++) {
            assertThat(fids.remove(fid) == fid).isTrue();
        }
        assertThat(fids.size()).isZero();
    }
}
