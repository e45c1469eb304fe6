package dev.ninetunnel.benchmarks.lab;

import java.io.OutputStream;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code network}. */
@Command(name = "network", mixinStandardHelpOptions = true, description = {
        "Carries TCP connections over a slow network to a port of this host, until its input ends.",
        "The first line that it prints is the port to connect to."})
final class NetworkCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "RATE,DELAY,QUEUE", description = "What it is like, such as 100mbit,20ms,64k.")
    private String network;

    @Parameters(index = "1", paramLabel = "PORT", description = "Of the loopback interface.")
    private int port;

    @Override
    public Integer call() throws Exception {
        try (SlowNetwork slow = new SlowNetwork(new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                line())) {
            PrintWriter out = spec.commandLine().getOut();
            out.println(slow.address().getPort());
            out.flush();
            System.in.transferTo(OutputStream.nullOutputStream());
        }
        return 0;
    }

    private Line line() {
        try {
            return Line.parse(network);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
