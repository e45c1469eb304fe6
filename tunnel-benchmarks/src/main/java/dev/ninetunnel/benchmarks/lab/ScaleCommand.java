package dev.ninetunnel.benchmarks.lab;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code scale}. */
@Command(name = "scale", mixinStandardHelpOptions = true, description = "Measures what many clients, fids and peers cost "
        + "endpoints in memory, and what others wait when one client leaves many fids behind.", footer = {"",
                "Example:",
                "  tunnel-benchmarks/bench scale clients:10000 peers:1000"})
final class ScaleCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "KIND[:COUNT]", arity = "0..*", description = "The kinds are clients, fids, cleanup and peers. "
            + "Without any, all of them, as many as this project aims at.")
    private List<String> cases = new ArrayList<>();

    @Mixin
    private ProgramOption program;

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        scale().measured().print(spec.commandLine().getOut(), json);
        return 0;
    }

    private Scale scale() {
        try {
            return new Scale(cases.isEmpty() ? ScaleCase.USUAL : cases.stream().map(ScaleCase::parse).toList(),
                    program.program(), this::say);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private void say(String line) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(line);
        err.flush();
    }
}
