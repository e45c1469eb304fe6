package dev.ninetunnel.cli.options;

import dev.ninetunnel.cli.config.Section;
import dev.ninetunnel.endpoint.web.WebConfig;
import dev.ninetunnel.link.HostPort;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What an endpoint tells by HTTP. */
public final class WebOptions {
    @Option(names = "--metrics", paramLabel = "[HOST:]PORT", description = "Tell metrics for Prometheus there, at /metrics, "
            + "and at /healthz whether all is well (docs/metrics.md). To programs of this host alone unless HOST is "
            + "given; '*' stands for all addresses.")
    private String metrics;

    /** What is to be told, where something else, such as a file, says so too. Throws as {@link WebConfig#place} does. */
    public WebConfig or(WebConfig otherwise) {
        return metrics == null ? otherwise : new WebConfig(Optional.of(WebConfig.place(metrics)), otherwise.page());
    }

    /** What a file says; what is wrong is noted there. */
    public static WebConfig of(Section top) {
        Optional<HostPort> page = place(top, "ui")
                .flatMap(where -> top.attempt("ui", () -> WebConfig.requireLoopback(where)));
        Optional<HostPort> metrics = place(top, "metrics");
        if (page.isPresent() && page.equals(metrics) && page.get().port() != 0) {
            top.wrong("ui", "[ui] and [metrics] have the same port " + page.get().port() + ": give each its own");
        }
        return new WebConfig(metrics, page);
    }

    private static Optional<HostPort> place(Section top, String name) {
        return top.table(name).flatMap(section -> {
            Optional<HostPort> where = section.read("listen", WebConfig::place);
            if (!section.has("listen")) {
                top.wrong(name, "[" + name + "] needs listen = \"[HOST:]PORT\"");
            }
            section.end();
            return where;
        });
    }
}
