package dev.ninetunnel.benchmarks.lab;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** {@code jmh}. */
@Command(name = "jmh", description = "Runs the micro benchmarks; -h lists the options of JMH.")
final class JmhCommand implements Callable<Integer> {
    @Unmatched
    private List<String> words = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        org.openjdk.jmh.Main.main(words.toArray(String[]::new));
        return 0;
    }
}
