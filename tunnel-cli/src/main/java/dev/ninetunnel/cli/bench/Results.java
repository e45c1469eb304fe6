package dev.ninetunnel.cli.bench;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** All that was measured, round after round; and medians of it, which one disturbed round does not move. */
public record Results(List<Outcome> outcomes) {
    public Results {
        outcomes = List.copyOf(outcomes);
    }

    /** The median over the rounds; NaN if it was not measured. */
    public double median(Scene scene, String target, ToDoubleFunction<Outcome> figure) {
        return median(values(scene, target, figure));
    }

    /** The median over the rounds of one figure divided by another of the same round; NaN if either was not measured. */
    public double ratio(Scene scene, String target, Scene otherScene, String other, ToDoubleFunction<Outcome> figure) {
        double[] above = values(scene, target, figure);
        double[] below = values(otherScene, other, figure);
        double[] ratios = new double[Math.min(above.length, below.length)];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = above[i] / below[i];
        }
        return median(ratios);
    }

    private double[] values(Scene scene, String target, ToDoubleFunction<Outcome> figure) {
        return outcomes.stream().filter(o -> o.scene().equals(scene) && o.target().equals(target))
                .mapToDouble(figure).toArray();
    }

    static double median(double[] values) {
        if (values.length == 0) {
            return Double.NaN;
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** Whether this target was measured at all. */
    public boolean has(String target) {
        return outcomes.stream().anyMatch(o -> o.target().equals(target));
    }

    /** Those that were measured in this scene, in the order in which they were first. */
    public List<String> targets(Scene scene) {
        return outcomes.stream().filter(o -> o.scene().equals(scene)).map(Outcome::target).distinct().toList();
    }

    /** The scenes, in the order in which they were first measured. */
    public List<Scene> scenes() {
        return outcomes.stream().map(Outcome::scene).distinct().toList();
    }
}
