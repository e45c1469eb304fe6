package dev.ninetunnel.cli;

import ch.qos.logback.classic.Level;
import dev.ninetunnel.cli.bench.Bench;
import dev.ninetunnel.cli.bench.Crowd;
import dev.ninetunnel.cli.bench.Errand;
import dev.ninetunnel.cli.bench.Line;
import dev.ninetunnel.cli.bench.Scale;
import dev.ninetunnel.cli.bench.Scene;
import dev.ninetunnel.cli.bench.Target;
import dev.ninetunnel.cli.options.Program;
import dev.ninetunnel.endpoint.EndpointConfig;
import dev.ninetunnel.endpoint.LocalAddress;
import dev.ninetunnel.wire.Text;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ninetunnel bench}. */
@Command(name = "bench", mixinStandardHelpOptions = true, description = {
        "Measures how fast a 9P2000.L server is, however many tunnels it is behind, or sets up tunnels of several kinds "
                + "on this machine and measures them side by side.",
        "A SCENE is [shared/]LOAD[+LOAD...]: loads at the same time, on a connection for each client, or on one for all. "
                + "A LOAD is KIND[:CLIENTSxINFLIGHT[xSIZE]]; the kinds are read, write, getattr, walk, open and mix. "
                + "Several scenes are measured in turn. Without any there is a usual list.",
        "It prints operations and MB (10^6 bytes) of file data a second, latencies in microseconds by HdrHistogram, and, "
                + "for processes that it knows, their processor time for each GB. With several rounds these are medians."}, footer = {
                        "", "Example:", "  ninetunnel bench server: read:1x8x128k getattr:8x16",
                        "  ninetunnel bench unix:/run/diod.sock --aname /srv getattr+read:4x16x128k",
                        "  ninetunnel bench --compare --rounds 5",
                        "  ninetunnel bench --compare --network 100mbit,20ms,64k getattr+read:4x16x128k",
                        "  ninetunnel bench --scale clients:10000 peers:1000",
                        "  ninetunnel bench --network 1gbit,20ms,5m --while 'tunnel-cli/src/bench/kernel-read 1000 40'"})
final class BenchCommand implements Callable<Integer> {
    /** How the files of a benchmark are read when nobody says: long enough not to fit into a processor's cache. */
    private static final String FILE_MEBIBYTES = "64";

    @ParentCommand
    private Program program;
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "[ADDRESS] [SCENE...]", arity = "0..*", description = "Where the server is, unless --compare "
            + "is given: PEER: for the files of a peer, unix:PATH, or tcp:HOST:PORT. Then scenes.")
    private List<String> words = new ArrayList<>();

    @Option(names = "--compare", description = "Set up two endpoints of this program, and diod alone, behind stunnel and "
            + "behind ssh -L where these are installed; measure them in turn; say which goals of this project are reached. "
            + "Who cannot be started is left out. All of it is gone again in the end, and on SIGTERM and Ctrl-C.")
    private boolean compare;

    @Option(names = "--scale", description = "Instead of speed, measure what many clients, fids and peers cost in memory, and "
            + "what it costs others when one leaves many fids behind. Words are KIND[:COUNT] then; the kinds are clients, "
            + "fids, cleanup and peers. Without any, all of them, as many as this project aims at.")
    private boolean scale;

    @Option(names = "--also", paramLabel = "NAME=PROGRAM", description = "With --compare: another build of this program, to be "
            + "measured beside it.")
    private Map<String, String> also = new LinkedHashMap<>();

    @Option(names = "--only", paramLabel = "NAME", split = ",", description = "With --compare: these and no others.")
    private List<String> only = new ArrayList<>();

    @Option(names = "--while", paramLabel = "COMMAND", description = "Instead of measuring, set up two endpoints of this "
            + "program and run COMMAND by sh(1) while they are there; end with what it ends with. NINETUNNEL_SOCKET is the "
            + "socket of the far files, NINETUNNEL_FILE one of them, NINETUNNEL_SIZE how many bytes it has, and NINETUNNEL_MSIZE what "
            + "--msize says.")
    private String during;

    @Option(names = "--network", paramLabel = "RATE,DELAY,QUEUE", description = "With --compare and --while: what is between "
            + "the two halves of each tunnel, such as 100mbit,20ms,64k: a rate, a delay each way, and how much may wait.")
    private String network;

    @Option(names = "--seconds", paramLabel = "N", defaultValue = "2", description = "How long each measurement takes. "
            + "Default: ${DEFAULT-VALUE}.")
    private double seconds;

    @Option(names = "--warmup", paramLabel = "N", defaultValue = "1", description = "For how many seconds each scene goes on "
            + "before it is measured. Default: ${DEFAULT-VALUE}.")
    private double warmup;

    @Option(names = "--rounds", paramLabel = "N", description = "How often to measure everything. Default: 1, or 3 with "
            + "--compare.")
    private Integer rounds;

    @Option(names = "--threads", paramLabel = "N", defaultValue = "1", description = "How many threads make the load. Default: "
            + "${DEFAULT-VALUE}.")
    private int threads;

    @Option(names = "--file", paramLabel = "PATH", description = "Read, open and walk to this file of the server, for a "
            + "server that lets nothing be written. By default a directory is made for files, and removed again.")
    private String file;

    @Option(names = "--file-size", paramLabel = "MIB", defaultValue = FILE_MEBIBYTES, description = "How long the files are, in "
            + "MiB. Default: ${DEFAULT-VALUE}.")
    private int fileSize;

    @Option(names = "--msize", paramLabel = "BYTES", defaultValue = ""
            + EndpointConfig.DEFAULT_MSIZE, description = "The largest message to ask for, and to agree on for the "
                    + "endpoints of --compare and --while. Default: ${DEFAULT-VALUE}.")
    private int msize;

    @Option(names = "--aname", paramLabel = "NAME", defaultValue = "", description = "Attach to this tree.")
    private String aname;

    @Option(names = "--pid", paramLabel = "PID", split = ",", description = "Count the processor time of these processes and "
            + "their descendants.")
    private List<Long> pids = new ArrayList<>();

    @Option(names = "--json", description = "As JSON: every measurement by itself.")
    private boolean json;

    @Override
    public Integer call() {
        program.common().level(Level.WARN); // a thousand peers would each have a line
        if (during != null) {
            Errand errand = Problems.usage(spec, this::errand);
            return Problems.explained(errand::run);
        }
        return scale ? tell(scaled()) : tell(measured());
    }

    private Errand errand() {
        if (scale || compare || !words.isEmpty()) {
            throw new IllegalArgumentException("--while measures nothing itself: leave --scale, --compare, the address "
                    + "and the scenes out");
        }
        requirePositive();
        return new Errand(during, self(), Optional.ofNullable(network).map(Line::parse), msize, fileBytes());
    }

    private long fileBytes() {
        return (long) fileSize << 20;
    }

    private void requirePositive() {
        if (seconds <= 0 || warmup < 0 || threads < 1 || fileSize < 1 || (rounds != null && rounds < 1)) {
            throw new IllegalArgumentException("--seconds, --rounds, --threads and --file-size are above 0");
        }
    }

    private Bench.Told scaled() {
        List<Crowd> crowds = Problems.usage(spec, this::crowds);
        return Problems
                .explained(() -> new Scale(crowds.isEmpty() ? Crowd.USUAL : crowds, self(), this::say).measured());
    }

    private List<Crowd> crowds() {
        if (compare) {
            throw new IllegalArgumentException("--scale and --compare are two different things: leave one out");
        }
        return words.stream().map(Crowd::parse).toList();
    }

    private Bench.Told measured() {
        Optional<Line> line = Problems.usage(spec, () -> Optional.ofNullable(network).map(Line::parse));
        Bench bench = Problems.usage(spec, () -> bench(line.isPresent() ? Scene.USUAL_SLOW : Scene.USUAL));
        if (compare) {
            Map<String, List<String>> others = new LinkedHashMap<>();
            also.forEach((name, program) -> others.put(name, List.of(program)));
            return Problems.explained(() -> bench.compared(self(), others, line, only));
        }
        Target target = Problems.usage(spec, this::target);
        return Problems.explained(() -> bench.of(target, Optional.ofNullable(file)));
    }

    private int tell(Bench.Told told) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(told.json());
        } else {
            told.lines().forEach(out::println);
        }
        out.flush();
        return 0;
    }

    private Bench bench(List<Scene> usual) {
        if (!compare && (network != null || !also.isEmpty() || !only.isEmpty())) {
            throw new IllegalArgumentException("--network, --also and --only go with --compare");
        }
        if (!compare && words.isEmpty()) {
            throw new IllegalArgumentException(
                    "say which server: PEER:, unix:PATH or tcp:HOST:PORT; or --compare, or --scale");
        }
        requirePositive();
        List<Scene> scenes = words.stream().skip(compare ? 0 : 1).map(Scene::parse).toList();
        return new Bench(scenes.isEmpty() ? usual : scenes, rounds != null ? rounds : compare ? 3 : 1, nanos(warmup),
                nanos(seconds), fileBytes(), msize, threads, this::say);
    }

    private void say(String line) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(line);
        err.flush();
    }

    private static Duration nanos(double seconds) {
        return Duration.ofNanos((long) (seconds * 1e9));
    }

    private Target target() {
        List<ProcessHandle> processes = pids.stream().map(pid -> ProcessHandle.of(pid)
                .orElseThrow(() -> new IllegalArgumentException("there is no process " + pid))).toList();
        return new Target(words.getFirst(), address(words.getFirst()), Text.of(aname), processes);
    }

    private SocketAddress address(String word) {
        if (!word.startsWith("unix:") && !word.startsWith("tcp:") && PeerPath.looksLike(word)) {
            RunDirectory run = program.common().sockets();
            Path socket = PeerPath.parse(word).socket(run.path());
            run.requireOwn(socket);
            return UnixDomainSocketAddress.of(socket);
        }
        return switch (LocalAddress.parse(word)) {
            case LocalAddress.Unix unix -> UnixDomainSocketAddress.of(unix.path());
            case LocalAddress.Tcp tcp -> new InetSocketAddress(tcp.address().host(), tcp.address().port());
        };
    }

    /** What started this process: the endpoints run with the same Java and the same options. */
    private static List<String> self() {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command()
                .orElse(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        return command;
    }
}
