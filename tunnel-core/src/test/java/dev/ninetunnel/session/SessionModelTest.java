package dev.ninetunnel.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two sides of a session, each with a local client that makes directories on the other side, through what a network can do
 * to them. Each run is a straight course with a few deviations: a message is delivered earlier or later, a link is cut under
 * both sides or under one, a side dials once more, is restarted, or is away for too long. Making a directory fails when it is
 * done twice, so that nothing is done twice, nothing is lost, and nothing hangs can be seen in the answers.
 */
class SessionModelTest {
    /** Two take a quarter of an hour: every pair of things that can go wrong. */
    private static final int DEVIATIONS = Integer.getInteger("ninetunnel.session.deviations", 1);
    private static final int RANDOM_RUNS = Integer.getInteger("ninetunnel.session.runs", 300);

    @TempDir
    private Path folder;
    private int runs;

    @Test
    @DisplayName("no deviation loses a request, has it carried out twice, or leaves it hanging")
    void everyDeviation() throws IOException {
        explore(List.of(), 0, DEVIATIONS);
        assertThat(runs).isGreaterThan(100);
    }

    @Test
    @DisplayName("nor do many at random")
    void manyDeviations() throws IOException {
        long seed = Long.getLong("ninetunnel.seed", 20261121);
        for (int i = 0; i < RANDOM_RUNS; i++) {
            Random random = new Random(seed + i);
            run(new Course.AtRandom(random));
        }
    }

    private void explore(List<Course.Deviation> deviations, int from, int left) throws IOException {
        Course.Deviating course = new Course.Deviating(deviations);
        run(course);
        if (left == 0) {
            return;
        }
        List<Integer> choices = course.choices();
        for (int step = from; step < choices.size(); step++) {
            for (int choice = 1; choice < choices.get(step); choice++) {
                List<Course.Deviation> more = new ArrayList<>(deviations);
                more.add(new Course.Deviation(step, choice));
                explore(more, step + 1, left - 1);
            }
        }
    }

    private void run(Course course) throws IOException {
        runs++;
        List<String> story = new ArrayList<>();
        try (Network network = new Network(folder.resolve("run-" + runs), story)) {
            network.take(course);
            network.check();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("run " + runs + ":\n" + String.join("\n", story), e);
        }
    }
}
