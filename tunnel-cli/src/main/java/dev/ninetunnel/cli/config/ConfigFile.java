package dev.ninetunnel.cli.config;

import ch.qos.logback.classic.Level;
import dev.ninetunnel.audit.AuditConfig;
import dev.ninetunnel.cli.Failure;
import dev.ninetunnel.cli.options.AuditOptions;
import dev.ninetunnel.cli.options.CommonOptions;
import dev.ninetunnel.cli.options.DoorOptions;
import dev.ninetunnel.cli.options.ExportOption;
import dev.ninetunnel.cli.options.WebOptions;
import dev.ninetunnel.endpoint.EndpointConfig;
import dev.ninetunnel.endpoint.HubConfig;
import dev.ninetunnel.endpoint.PeerConfig;
import dev.ninetunnel.endpoint.process.RunAs;
import dev.ninetunnel.endpoint.web.WebConfig;
import dev.ninetunnel.export.Export;
import dev.ninetunnel.identity.CredentialFiles;
import dev.ninetunnel.identity.SmallFile;
import dev.ninetunnel.link.HandshakeLimits;
import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.link.Liveness;
import dev.ninetunnel.session.SessionLimits;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;

/**
 * Reads {@code ninetunnel.toml}. All that is wrong is told at once, each with its line; docs/configuration.md says what can be
 * there.
 *
 * @param level how much is to be said in the log
 */
public record ConfigFile(HubConfig setup, Level level) {
    /** The name of the file, in the home directory. */
    public static final String NAME = "ninetunnel.toml";
    /** A thousand peers have 100 KB. */
    private static final int MOST_BYTES = 1 << 20;
    private static final int MOST_LEVELS = 64;
    /** Names of levels, as people say them. */
    private static final Map<String, Level> LEVELS = Map.of("warn", Level.WARN, "info", Level.INFO, "debug",
            Level.DEBUG,
            "trace", Level.TRACE);

    /** The file that is meant: the one given, or that in the home directory. */
    public static Path path(Path given, CommonOptions common) {
        return given != null ? given : common.home().resolve(NAME);
    }

    /** Reads a file. What {@code --home} and {@code --run} were given goes before what it says. */
    public static ConfigFile read(Path file, CommonOptions common) {
        return read(file, common, false);
    }

    /** The same, and looks whether the files and directories that it names are there. */
    public static ConfigFile readAndLook(Path file, CommonOptions common) {
        return read(file, common, true);
    }

    private static ConfigFile read(Path file, CommonOptions common, boolean looking) {
        Findings findings = new Findings(file);
        TomlParseResult toml = parse(file);
        toml.errors().forEach(e -> findings.add(e.position(), e.getMessage()));
        findings.settle();
        Section top = new Section(findings, "", toml);
        Path folder = file.toAbsolutePath().getParent();
        List<HostPort> listen = listen(top);
        List<Export> exports = new ExportSections(folder, looking).read(top);
        List<PeerConfig> peers = new PeerSections(folder, exports, looking).read(top);
        Level level = level(top);
        Path home = top.text("home").map(text -> folder.resolve(ExportOption.underHome(text)).normalize()).orElse(null);
        Path run = top.text("run").map(text -> folder.resolve(ExportOption.underHome(text)).normalize()).orElse(null);
        EndpointConfig.Limits limits = limits(top);
        long msize = top.amount("msize", EndpointConfig.DEFAULT_MSIZE);
        CommonOptions places = common.orElse(home, run);
        CredentialFiles papers = new CredentialKeys(folder, looking).read(top, places.home(), System.getenv());
        Optional<RunAs> user = top.read("user", RunAs::parse);
        Optional<AuditConfig> audit = AuditOptions.of(top, folder, looking);
        WebConfig web = WebOptions.of(top);
        EndpointConfig config = top.attempt("msize", () -> new EndpointConfig(places.home(), places.run(),
                (int) Math.min(msize, Integer.MAX_VALUE), exports, limits).withPapers(papers).withUser(user)
                .withAudit(audit).withWeb(web))
                .orElse(null);
        top.end();
        findings.settle();
        try {
            return new ConfigFile(new HubConfig(Objects.requireNonNull(config), listen, peers), level);
        } catch (IllegalArgumentException e) {
            throw new Failure(Failure.CONFIG, file + ": " + e.getMessage(), e);
        }
    }

    private static TomlParseResult parse(Path file) {
        try {
            String text = SmallFile.text(file, MOST_BYTES);
            if (SmallFile.changeableByOthers(file)) {
                throw new Failure(Failure.CONFIG,
                        file + " can be changed by other users of this host, so it may not say any "
                                + "more what its owner wants. Look through it, and close it:  chmod go-w " + file);
            }
            if (TomlNesting.of(text) > MOST_LEVELS) {
                throw nestedTooDeep(file, null);
            }
            return Toml.parse(text);
        } catch (StackOverflowError e) {
            throw nestedTooDeep(file, e);
        } catch (NoSuchFileException e) {
            throw new Failure(Failure.NO_INPUT, "there is no file " + file + ": write it, or give another with -c", e);
        } catch (IOException e) {
            throw new Failure(Failure.NO_INPUT, "cannot read " + file + ": " + SmallFile.why(e), e);
        }
    }

    private static Failure nestedTooDeep(Path file, Throwable cause) {
        return new Failure(Failure.CONFIG, file + ": more than " + MOST_LEVELS
                + " arrays and tables are nested in each other, and this file needs 3", cause);
    }

    private static List<HostPort> listen(Section top) {
        List<HostPort> all = new ArrayList<>();
        for (String text : top.texts("listen")) {
            top.attempt("listen", () -> HostPort.parse(text)).ifPresent(where -> {
                if (all.contains(where)) {
                    top.wrong("listen", "'" + text + "' is there twice");
                }
                all.add(where);
            });
        }
        return all;
    }

    private static EndpointConfig.Limits limits(Section top) {
        EndpointConfig.Limits usual = EndpointConfig.Limits.DEFAULT;
        Section section = top.table("limits").orElse(null);
        if (section == null) {
            return usual;
        }
        SessionLimits session = usual.session().withLife(section.span("session-life", usual.session().life()));
        Duration keepalive = section.span("keepalive", session.liveness().probe());
        Duration dead = section.span("dead-after", session.liveness().dead());
        Duration drain = section.span("drain", usual.drain());
        Duration opening = section.span("opening", session.opening());
        HandshakeLimits door = DoorOptions.read(section);
        section.end();
        return top.attempt("limits", () -> new EndpointConfig.Limits(
                session.withLiveness(new Liveness(keepalive, dead)).withOpening(opening), drain, door, usual.cache(),
                usual.writeBehind()))
                .orElse(usual);
    }

    private static Level level(Section top) {
        Section section = top.table("log").orElse(null);
        if (section == null) {
            return Level.INFO;
        }
        Level level = section.read("level", text -> {
            if (!LEVELS.containsKey(text)) {
                throw new IllegalArgumentException("level is one of warn, info, debug and trace");
            }
            return LEVELS.get(text);
        }).orElse(Level.INFO);
        section.end();
        return level;
    }
}
