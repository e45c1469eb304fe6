package dev.ninetunnel.cli.options;

import dev.ninetunnel.endpoint.EndpointConfig;
import dev.ninetunnel.endpoint.LocalAddress;
import dev.ninetunnel.endpoint.process.RunAs;
import dev.ninetunnel.endpoint.web.WebConfig;
import dev.ninetunnel.export.Export;
import dev.ninetunnel.link.Liveness;
import dev.ninetunnel.session.SessionLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What {@code listen} and {@code dial} have in common: what is offered to the far side, and where its files appear. */
public final class EndpointOptions {
    @Option(names = "--export", paramLabel = "[NAME=]PATH[:ro][,OPTION...]", description = {
            "Offer a directory, ':ro' for reading only. NAME is the directory's own name if left out. Several "
                    + "times for several: then the far side sees a directory that lists them. Nothing is offered by "
                    + "default.",
            "Options, each behind a comma (a comma in a path or glob is written '\\,'):",
            "  ro            reading only, as ':ro'",
            "  as=self       act as the user who runs this (the default)",
            "  as=USER       act as that user for all peers (needs root)",
            "  as=attach     act as the user that the peer names, if users= has it (needs root)",
            "  users=LIST    with as=attach: names, numbers and ranges, as alice:1000-1999; '*' is all but root, "
                    + "which has to be named",
            "  hide=GLOB     hide names, as hide=*.key; several times for several",
            "  no-xattr      no extended attributes",
            "  no-special    no device nodes can be made"})
    private List<String> exports = new ArrayList<>();

    @Option(names = "--upstream", paramLabel = "[NAME=]ADDRESS", description = "Offer another 9P server, at "
            + "tcp:HOST:PORT, unix:PATH, or exec:COMMAND (which speaks 9P on its standard input and output). Without a "
            + "NAME it must be all that is offered.")
    private List<String> upstreams = new ArrayList<>();

    @Option(names = "--local", paramLabel = "ADDRESS", description = "Where local programs reach the peer's files, "
            + "besides RUN/NAME.9p: unix:PATH, or tcp:HOST:PORT on a loopback address, which every user of this machine "
            + "can connect to.")
    private List<String> locals = new ArrayList<>();

    @Option(names = "--msize", paramLabel = "BYTES", defaultValue = ""
            + EndpointConfig.DEFAULT_MSIZE, description = "The largest 9P message, its header included; "
                    + EndpointConfig.MIN_MSIZE + " to " + EndpointConfig.MAX_MSIZE + ". Default: ${DEFAULT-VALUE}.")
    private int msize;

    @Option(names = "--keepalive", paramLabel = "SECONDS", defaultValue = "20", description = "The silence of the peer after which it "
            + "is asked for a sign of life; up to a quarter later. Default: ${DEFAULT-VALUE}.")
    private int keepalive;

    @Option(names = "--dead-after", paramLabel = "SECONDS", defaultValue = "40", description = "The silence of the peer after which the "
            + "link is given up and dialled again; at least half as long again as --keepalive. Default: "
            + "${DEFAULT-VALUE}.")
    private int deadAfter;

    @Option(names = "--session-life", paramLabel = "SECONDS", defaultValue = "600", description = "How long programs wait for a lost link "
            + "before they get errors. The peer's own setting holds on its side. Default: ${DEFAULT-VALUE}.")
    private int sessionLife;

    @Option(names = "--cache", paramLabel = "SIZE", defaultValue = CacheSize.USUAL, description = "How much to keep of the "
            + "peer's files in memory, such as 64M, or off. It keeps only what the peer has promised to report changes "
            + "of. "
            + "Default: ${DEFAULT-VALUE}.")
    private String cache;

    @Mixin
    private CredentialOptions papers;

    @Mixin
    private AuditOptions audit;

    @Mixin
    private WebOptions web;

    @Option(names = "--user", paramLabel = "NAME[:GROUP]", description = "Become that user, on all threads and for "
            + "good, after reading the keys and taking the port, and before exporting anything or admitting a "
            + "peer. Needs root. Excludes exports with as= of another user.")
    private String user;

    public EndpointConfig config(Invocation invocation) {
        CommonOptions common = invocation.common();
        return invocation.usage(() -> {
            List<Export> offered = new ArrayList<>();
            exports.forEach(text -> offered.add(ExportOption.directory(text)));
            upstreams.forEach(text -> offered.add(ExportOption.upstream(text)));
            return new EndpointConfig(common.home(), common.run(), msize, offered, limits())
                    .withPapers(papers.files(common.home(), System.getenv()))
                    .withUser(Optional.ofNullable(user).map(RunAs::parse))
                    .withAudit(audit.config()).withWeb(web.or(WebConfig.NONE));
        });
    }

    private EndpointConfig.Limits limits() {
        Liveness liveness = new Liveness(Duration.ofSeconds(keepalive), Duration.ofSeconds(deadAfter));
        return EndpointConfig.Limits.DEFAULT.withSession(SessionLimits.STANDARD.withLiveness(liveness)
                .withLife(Duration.ofSeconds(sessionLife))).withCache(CacheSize.parse(cache));
    }

    public List<LocalAddress> locals(Invocation invocation) {
        return invocation.usage(() -> locals.stream().map(LocalAddress::parse).toList());
    }
}
