package dev.ninetunnel.cli.options;

import ch.qos.logback.classic.Level;
import dev.ninetunnel.cli.RunDirectory;
import dev.ninetunnel.cli.process.LogSetup;
import dev.ninetunnel.cli.process.UserPlaces;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** What every command takes: where an endpoint's files are, and how much it says. */
public final class CommonOptions {
    @Option(names = "--home", paramLabel = "DIR", scope = ScopeType.INHERIT, description = "Where the key, the certificate and the list of peers "
            + "are. Default: $XDG_CONFIG_HOME/ninetunnel, or $HOME/.config/ninetunnel.")
    private Path home;

    @Option(names = "--run", paramLabel = "DIR", scope = ScopeType.INHERIT, description = "Where the sockets are. Default: HOME/run if --home is "
            + "given or there is no $XDG_RUNTIME_DIR, else $XDG_RUNTIME_DIR/ninetunnel.")
    private Path run;

    private boolean[] verbosity = {};

    @Option(names = {"-v",
            "--verbose"}, scope = ScopeType.INHERIT, description = "Say more on standard error, with stack traces; twice: a line "
                    + "for each 9P message too.")
    void setVerbosity(boolean[] verbosity) {
        this.verbosity = verbosity;
        LogSetup.level("dev.ninetunnel", verbosity.length == 0 ? Level.INFO : Level.DEBUG);
        LogSetup.level("dev.ninetunnel.frames", verbosity.length > 1 ? Level.TRACE : Level.INFO);
        LogSetup.traces(verbosity.length > 0);
    }

    public boolean verbose() {
        return verbosity.length > 0;
    }

    public Path home() {
        if (home != null) {
            return home.toAbsolutePath();
        }
        return UserPlaces.own().settings().resolve("ninetunnel");
    }

    /** The same, with other places where none were given; null for none. */
    public CommonOptions orElse(Path otherHome, Path otherRun) {
        CommonOptions both = new CommonOptions();
        both.home = home == null ? otherHome : home;
        both.run = run == null ? otherRun : run;
        return both;
    }

    /** What is said, unless {@code -v} says more. */
    public void level(Level wanted) {
        if (verbosity.length == 0) {
            LogSetup.level("dev.ninetunnel", wanted);
            LogSetup.level("dev.ninetunnel.frames", wanted);
        }
    }

    /** The same, with who may answer at the sockets there. */
    public RunDirectory sockets() {
        return new RunDirectory(run(), run != null || home != null);
    }

    public Path run() {
        if (run != null) {
            return run.toAbsolutePath();
        }
        Optional<Path> runtime = home == null ? UserPlaces.own().runtime() : Optional.empty();
        return runtime.map(directory -> directory.resolve("ninetunnel")).orElseGet(() -> home().resolve("run"));
    }
}
