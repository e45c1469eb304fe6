package dev.ninetunnel.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Which of the things that can happen next does. */
sealed interface Course {
    /** A number below {@code choices}; 0 is what a good network does. */
    int choose(int choices);

    /** At this step, not what a good network does, but this. */
    record Deviation(int step, int choice) {}

    /** A good network, but for what is named. */
    final class Deviating implements Course {
        private final List<Deviation> deviations;
        private final List<Integer> choices = new ArrayList<>();

        Deviating(List<Deviation> deviations) {
            this.deviations = deviations;
        }

        @Override
        public int choose(int among) {
            int step = choices.size();
            choices.add(among);
            return deviations.stream().filter(d -> d.step() == step).mapToInt(Deviation::choice).findFirst().orElse(0);
        }

        /** How many choices there were at each step. */
        List<Integer> choices() {
            return choices;
        }
    }

    /** Anything, but progress more often than not. */
    record AtRandom(Random random) implements Course {
        @Override
        public int choose(int among) {
            return random.nextInt(3) > 0 ? 0 : random.nextInt(among);
        }
    }
}
