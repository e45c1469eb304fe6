package dev.ninetunnel.benchmarks.lab;

import dev.ninetunnel.cli.bench.Scene;
import dev.ninetunnel.cli.options.MeasureOptions;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code compare}. */
@Command(name = "compare", mixinStandardHelpOptions = true, description = {
        "Sets up two endpoints of this program, and diod alone, behind stunnel and behind ssh -L where these are installed; "
                + "measures them in turn; says which goals of this project are reached.",
        "A tunnel that cannot be started is left out. All of it is removed in the end, and on SIGTERM and Ctrl-C. "
                + "Scenes and figures are those of 'ninetunnel bench'."}, footer = {"", "Example:",
                        "  tunnel-benchmarks/bench compare --rounds 5",
                        "  tunnel-benchmarks/bench compare --network 100mbit,20ms,64k getattr+read:4x16x128k"})
final class CompareCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "SCENE", arity = "0..*", description = "What to measure; without any, a usual list.")
    private List<String> scenes = new ArrayList<>();

    @Mixin
    private ProgramOption program;

    @Mixin
    private MeasureOptions measure;

    @Option(names = "--also", paramLabel = "NAME=PROGRAM", description = "Another build of this program, to be measured beside "
            + "it.")
    private Map<String, String> also = new LinkedHashMap<>();

    @Option(names = "--only", paramLabel = "NAME", split = ",", description = "These and no others.")
    private List<String> only = new ArrayList<>();

    @Option(names = "--network", paramLabel = "RATE,DELAY,QUEUE", description = "The network between the two halves of each "
            + "tunnel, such as 100mbit,20ms,64k: a rate, a delay each way, and how much may wait.")
    private String network;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "3", description = "How often to measure everything. "
            + "Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(names = "--cold", paramLabel = "N", defaultValue = "3", description = "Scenes of bulk are measured once more with "
            + "tunnels that were just started, in their first N seconds; 0 for not. Default: ${DEFAULT-VALUE}.")
    private double cold;

    @Option(names = "--json", description = "As JSON: every measurement by itself.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        comparison().measured().print(spec.commandLine().getOut(), json);
        return 0;
    }

    private Comparison comparison() {
        try {
            Optional<Line> line = Optional.ofNullable(network).map(Line::parse);
            List<Scene> usual = line.isPresent() ? Scene.USUAL_SLOW : Scene.USUAL;
            Map<String, String> programs = new LinkedHashMap<>();
            programs.put(Comparison.OURS, program.program());
            programs.putAll(also);
            return new Comparison(
                    measure.bench(scenes.isEmpty() ? usual : scenes.stream().map(Scene::parse).toList(), rounds,
                            this::say),
                    programs, cold(), line, only);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private Duration cold() {
        if (cold < 0) {
            throw new IllegalArgumentException("--cold is 0 or above");
        }
        return Duration.ofNanos((long) (cold * 1e9));
    }

    private void say(String line) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(line);
        err.flush();
    }
}
