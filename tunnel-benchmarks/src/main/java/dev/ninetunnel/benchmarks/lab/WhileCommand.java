package dev.ninetunnel.benchmarks.lab;

import dev.ninetunnel.endpoint.EndpointConfig;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code while}. */
@Command(name = "while", mixinStandardHelpOptions = true, description = {
        "Sets up two endpoints of this program, runs a command by sh(1) while they are there, and ends with what it ends with.",
        "NINETUNNEL_SOCKET is the socket of the far files, NINETUNNEL_FILE one of them, NINETUNNEL_SIZE its length in bytes, "
                + "NINETUNNEL_MSIZE what --msize says, NINETUNNEL_NETWORK what --network says, NINETUNNEL_EXPORT the directory "
                + "that is served, and NINETUNNEL_RUN the run directory of the endpoint that uses it."}, footer = {"",
                        "Example:",
                        "  tunnel-benchmarks/bench while --network 1gbit,20ms,5m 'tunnel-benchmarks/kernel-read 1000 40'"})
final class WhileCommand implements Callable<Integer> {
    private static final int MOST_MEBIBYTES = 1 << 20;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "COMMAND", description = "What to run.")
    private String command;

    @Mixin
    private ProgramOption program;

    @Option(names = "--network", paramLabel = "RATE,DELAY,QUEUE", description = "The network between the endpoints, such as "
            + "100mbit,20ms,64k: a rate, a delay each way, and how much may wait.")
    private String network;

    @Option(names = "--file-size", paramLabel = "MIB", defaultValue = "64", description = "How long the file is, in "
            + "MiB. Default: ${DEFAULT-VALUE}.")
    private int fileSize;

    @Option(names = "--msize", paramLabel = "BYTES", defaultValue = ""
            + EndpointConfig.DEFAULT_MSIZE, description = "The largest message that the endpoints agree on. "
                    + "Default: ${DEFAULT-VALUE}.")
    private int msize;

    @Option(names = "--dial", paramLabel = "OPTION", description = "An option of the endpoint that uses the files, such as "
            + "--cache=off. May be repeated.")
    private List<String> dial = List.of();

    @Override
    public Integer call() throws Exception {
        return withCommand().run();
    }

    private WithCommand withCommand() {
        try {
            if (fileSize < 1 || fileSize > MOST_MEBIBYTES) {
                throw new IllegalArgumentException("--file-size is in MiB, from 1 to " + MOST_MEBIBYTES);
            }
            return new WithCommand(command, program.program(), dial, Optional.ofNullable(network).map(Line::parse),
                    msize,
                    (long) fileSize << 20);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
