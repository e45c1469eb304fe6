package dev.ninetunnel.endpoint.metrics;

import dev.ninetunnel.http.Answer;
import dev.ninetunnel.http.Pages;
import dev.ninetunnel.http.Visit;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * {@code /metrics} in the text format of Prometheus, or in that of OpenMetrics for who accepts it, and {@code /healthz}. Neither asks the
 * session loop for more than one look at what it has counted.
 */
public final class MetricsPages implements Pages {
    private final ExpositionFormats formats = ExpositionFormats.init();
    private final Supplier<CompletableFuture<Aged>> counts;
    private final Supplier<CompletableFuture<List<String>>> troubles;
    private final ProcessCounts process;

    /** What was counted, and how long ago that was, in seconds. */
    public record Aged(Counts counts, double age) {}

    /**
     * With where that comes from.
     *
     * @param counts fails if nothing is known
     * @param troubles why the endpoint is not as it should be; nothing if it is; fails if it cannot tell
     * @param mostDescriptors that the process may have
     */
    public MetricsPages(Supplier<CompletableFuture<Aged>> counts, Supplier<CompletableFuture<List<String>>> troubles,
            LongSupplier mostDescriptors) {
        this.counts = counts;
        this.troubles = troubles;
        this.process = new ProcessCounts(mostDescriptors);
    }

    @Override
    public CompletableFuture<Answer> answer(Visit visit) {
        if (!visit.method().equals("GET") && !visit.method().equals("HEAD")) {
            return CompletableFuture.completedFuture(
                    Answer.text(405, "only GET is answered here").with("allow", "GET, HEAD"));
        }
        return switch (visit.path()) {
            case "/metrics" -> metrics(visit);
            case "/healthz" -> health();
            default -> CompletableFuture.completedFuture(Answer.text(404, "there are /metrics and /healthz"));
        };
    }

    private CompletableFuture<Answer> metrics(Visit visit) {
        String accepted = visit.header(HttpHeaderNames.ACCEPT).orElse("");
        return counts.get().handle((aged, fault) -> fault == null
                ? text(Metrics.of(aged.counts, aged.age, process), formats.findWriter(accepted))
                : Answer.text(503, "the endpoint has not told its numbers in time: it is very busy, or leaving"));
    }

    private static Answer text(MetricSnapshots metrics, ExpositionFormatWriter format) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            format.write(out, metrics);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Answer.of(200, format.getContentType(), out.toByteArray());
    }

    private CompletableFuture<Answer> health() {
        return troubles.get().handle((found, fault) -> {
            if (fault != null) {
                return Answer.text(503, "the endpoint does not answer in time: it is very busy, or leaving");
            }
            return found.isEmpty() ? Answer.text(200, "ok") : Answer.text(503, String.join("\n", found));
        });
    }
}
