package dev.ninetunnel.benchmarks.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.cli.bench.Outcome;
import dev.ninetunnel.cli.bench.Results;
import dev.ninetunnel.cli.bench.Scene;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Goals, out of figures that are made up. */
class GoalTest {
    private static final Scene READ = Scene.parse("read");

    private static Outcome outcome(String target, Scene scene, double rate) {
        List<Outcome.OfLoad> loads = scene.loads().stream()
                .map(load -> new Outcome.OfLoad(load, rate, rate * 8, 10, 20, 30, 40)).toList();
        return new Outcome(target, scene, 2, loads, rate / 100);
    }

    private static Results rounds(double[] ours, double[] theirs) {
        List<Outcome> all = new ArrayList<>();
        for (int i = 0; i < ours.length; i++) {
            all.add(outcome("ninetunnel", READ, ours[i]));
            all.add(outcome("stunnel", READ, theirs[i]));
        }
        return new Results(all);
    }

    @Test
    @DisplayName("each goal is told with whether it is reached, and what was not measured is not")
    void goals() {
        List<Goal> goals = Goal.of(rounds(new double[]{900}, new double[]{300}),
                rounds(new double[]{500}, new double[]{400}), new Idle(0.5, 0.7, 95), "ninetunnel", Optional.empty());
        assertThat(goals.stream().filter(Goal::measured)).extracting(Goal::toString).containsExactly(
                "reached          3.00, at least 2.500: bulk read, as a multiple of stunnel's",
                "not reached      1.00, at most 0.6000: processor time for each GB of read:1x8x128k, as a multiple of"
                        + " stunnel's with diod",
                "not reached      1.25, at least 2.000: read:1x8x128k right after the start, as a multiple of stunnel's",
                "reached          0.50, at most 0.5000: from the start of listen until it is ready, s",
                "not reached      0.70, at most 0.5000: from the start of dial until it is linked, s",
                "not reached     95.00, at most 60.00: resident memory of an idle endpoint, MiB");
        assertThat(goals).extracting(Goal::toString)
                .contains("not measured        -, at least 3.000: bulk read, as a multiple of ssh's");
        Line line = Line.parse("100mbit,20ms,64k");
        Scene mixed = Scene.parse("getattr+read:4x16x128k");
        assertThat(Goal.of(new Results(List.of(outcome("ninetunnel", mixed, 6))), new Results(List.of()), Idle.UNKNOWN,
                "ninetunnel",
                Optional.of(line)))
                .filteredOn(Goal::measured).extracting(Goal::reached).containsExactly(true, true, true);
    }

    @Test
    @DisplayName("JSON has the ratio to each other tunnel and each goal beside the measurements, and null for what is not known")
    void json() {
        Outcome outcome = new Outcome("a \"b\"\\", READ, 2,
                List.of(new Outcome.OfLoad(READ.loads().getFirst(), 1, 2, 3, 4, 5, 6)), Double.NaN);
        assertThat(Comparison.json(new Results(List.of(outcome)), new Results(List.of()),
                List.of(new Goal("g", 1, 2, false))))
                .startsWith("{\"measurements\":[{\"target\":\"a \\\"b\\\"\\\\\",").endsWith("}]}],\"cold\":[],"
                        + "\"processor_ratios\":[{\"scene\":\"read:1x8x128k\",\"target\":\"a \\\"b\\\"\\\\\",\"ratio\":null}],"
                        + "\"goals\":[{\"goal\":\"g\",\"value\":1.000,\"at_most\":2.000,\"reached\":true}]}");
    }
}
