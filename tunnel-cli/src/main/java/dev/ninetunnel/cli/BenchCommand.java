package dev.ninetunnel.cli;

import ch.qos.logback.classic.Level;
import dev.ninetunnel.cli.bench.Bench;
import dev.ninetunnel.cli.bench.Json;
import dev.ninetunnel.cli.bench.Results;
import dev.ninetunnel.cli.bench.Scene;
import dev.ninetunnel.cli.bench.Table;
import dev.ninetunnel.cli.bench.Target;
import dev.ninetunnel.cli.options.Invocation;
import dev.ninetunnel.cli.options.MeasureOptions;
import dev.ninetunnel.endpoint.LocalAddress;
import dev.ninetunnel.wire.Text;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ninetunnel bench}. */
@Command(name = "bench", mixinStandardHelpOptions = true, description = {
        "Measures how fast a 9P2000.L server is, through all tunnels on the way to it.",
        "A SCENE is [shared/]LOAD[+LOAD...]: loads at the same time, with a connection for each client, or one for all. "
                + "A LOAD is KIND[:CLIENTSxINFLIGHT[xSIZE]]; the kinds are read, write, getattr, walk, open and mix. "
                + "Several scenes are measured in turn. Without any there is a usual list.",
        "It prints operations and MB (10^6 bytes) of file data a second and latencies in microseconds; for processes "
                + "named by --pid also their processor time for each GB. With several rounds these are medians."}, footer = {
                        "", "Example:", "  ninetunnel bench server: read:1x8x128k getattr:8x16",
                        "  ninetunnel bench unix:/run/diod.sock --aname /srv getattr+read:4x16x128k"})
final class BenchCommand implements Callable<Integer> {
    @Mixin
    private Invocation invocation;

    @Parameters(index = "0", arity = "0..1", paramLabel = "ADDRESS", description = "Where the server is: PEER: for the files "
            + "of a peer, unix:PATH, or tcp:HOST:PORT.")
    private String server;

    @Parameters(index = "1..*", paramLabel = "SCENE", description = "What to measure.")
    private List<String> scenes = new ArrayList<>();

    @Mixin
    private MeasureOptions measure;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "1", description = "How often to measure everything. "
            + "Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(names = "--file", paramLabel = "PATH", description = "Read, open and walk to this file of the server, for a "
            + "server that lets nothing be written. By default a directory is made for files, and removed again.")
    private String file;

    @Option(names = "--aname", paramLabel = "NAME", defaultValue = "", description = "Attach to this tree.")
    private String aname;

    @Option(names = "--pid", paramLabel = "PID", split = ",", description = "Count the processor time of these processes and "
            + "their descendants.")
    private List<Long> pids = new ArrayList<>();

    @Option(names = "--json", description = "As JSON: every measurement by itself.")
    private boolean json;

    @Override
    public Integer call() {
        invocation.common().level(Level.WARN);
        Bench bench = invocation.usage(this::bench);
        Target target = invocation.usage(this::target);
        Results results = Problems.explained(() -> bench.of(target, Optional.ofNullable(file)));
        PrintWriter out = invocation.out();
        if (json) {
            out.println(Json.of(results));
        } else {
            new Table(results, target.name()).lines().forEach(out::println);
        }
        out.flush();
        return 0;
    }

    private Bench bench() {
        if (server == null) {
            throw new IllegalArgumentException("say which server: PEER:, unix:PATH or tcp:HOST:PORT");
        }
        List<Scene> wanted = scenes.stream().map(Scene::parse).toList();
        return measure.bench(wanted.isEmpty() ? Scene.USUAL : wanted, rounds, this::say);
    }

    private void say(String line) {
        PrintWriter err = invocation.err();
        err.println(line);
        err.flush();
    }

    private Target target() {
        List<ProcessHandle> processes = pids.stream().map(pid -> ProcessHandle.of(pid)
                .orElseThrow(() -> new IllegalArgumentException("there is no process " + pid))).toList();
        return new Target(server, address(server), Text.of(aname), processes);
    }

    private SocketAddress address(String word) {
        if (!word.startsWith("unix:") && !word.startsWith("tcp:") && PeerPath.looksLike(word)) {
            RunDirectory run = invocation.common().sockets();
            Path socket = PeerPath.parse(word).socket(run.path());
            run.requireOwn(socket);
            return UnixDomainSocketAddress.of(socket);
        }
        return switch (LocalAddress.parse(word)) {
            case LocalAddress.Unix unix -> UnixDomainSocketAddress.of(unix.path());
            case LocalAddress.Tcp tcp -> new InetSocketAddress(tcp.address().host(), tcp.address().port());
        };
    }
}
