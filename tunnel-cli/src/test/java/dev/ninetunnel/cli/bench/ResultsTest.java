package dev.ninetunnel.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Medians and ratios, out of figures that are made up. */
class ResultsTest {
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
    @DisplayName("a round that was disturbed moves neither the median nor the ratio")
    void medians() {
        Results results = rounds(new double[]{900, 100, 1000}, new double[]{300, 310, 305});
        assertThat(results.median(READ, "ninetunnel", Outcome::megabytesPerSecond)).isEqualTo(900);
        assertThat(results.ratio(READ, "ninetunnel", READ, "stunnel", Outcome::megabytesPerSecond)).isEqualTo(3);
        assertThat(Results.median(new double[]{4, 1})).isEqualTo(2.5);
        assertThat(Results.median(new double[0])).isNaN();
    }

    @Test
    @DisplayName("processor time is told for each GB of file data")
    void processorTime() {
        assertThat(outcome("a", READ, 500).processorSecondsPerGigabyte()).isEqualTo(5, within(1e-9));
        assertThat(new Outcome("a", READ, 2, List.of(), 3).processorSecondsPerGigabyte()).isNaN();
    }

    @Test
    @DisplayName("a table has a line for each load of each target")
    void table() {
        Scene mixed = Scene.parse("getattr+read:4x16x128k");
        Results results = new Results(List.of(outcome("ninetunnel", mixed, 1234.5), outcome("ssh", mixed, 5)));
        List<String> lines = new Table(results, "ninetunnel").lines();
        assertThat(lines).hasSize(7);
        assertThat(lines.get(3)).startsWith("ninetunnel").contains("getattr:1x1", "1,235", "9,876");
        assertThat(lines.get(5)).as("both need as much processor time for each GB").endsWith(" 1.00");
        assertThat(lines.get(6)).contains("read:4x16x128k", "5.00").endsWith(" 247");
    }

    @Test
    @DisplayName("JSON has each measurement, and null for what is not known")
    void json() {
        Outcome outcome = new Outcome("a \"b\"\\", READ, 2,
                List.of(new Outcome.OfLoad(READ.loads().getFirst(), 1, 2, 3, 4, 5, 6)), Double.NaN);
        assertThat(Json.of(new Results(List.of(outcome)))).isEqualTo(
                "{\"measurements\":[{\"target\":\"a \\\"b\\\"\\\\\",\"scene\":\"read:1x8x128k\",\"seconds\":2.000,"
                        + "\"processor_seconds\":null,\"processor_seconds_per_gb\":null,\"loads\":[{\"load\":\"read:1x8x128k\",\"mb_per_s\":1.000,"
                        + "\"ops_per_s\":2.000,\"p50_us\":3.000,\"p90_us\":4.000,\"p99_us\":5.000,\"max_us\":6.000}]}]}");
    }
}
