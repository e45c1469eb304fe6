package dev.ninetunnel.endpoint.metrics;

import dev.ninetunnel.meter.Latency;
import dev.ninetunnel.wire.Escaped;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** Metrics, in the order in which they are added; what a counter is called gets {@code _total} behind it. */
final class Families {
    private static final double NANOS = 1e9;

    private final List<MetricSnapshot> all = new ArrayList<>();

    /** A label, with what may come from the wire made harmless. */
    static Labels label(String name, String value) {
        return Labels.of(name, Escaped.of(value));
    }

    void gauge(String name, String help, double value) {
        gauge(name, help, Stream.of(gaugePoint(Labels.EMPTY, value)));
    }

    /** One value for each of these. */
    <T> void gauge(String name, String help, Collection<T> of, Function<T, Labels> labels, ToDoubleFunction<T> value) {
        gauge(name, help, of.stream().map(one -> gaugePoint(labels.apply(one), value.applyAsDouble(one))));
    }

    private static GaugeDataPointSnapshot gaugePoint(Labels labels, double value) {
        return GaugeDataPointSnapshot.builder().labels(labels).value(value).build();
    }

    private void gauge(String name, String help, Stream<GaugeDataPointSnapshot> points) {
        GaugeSnapshot.Builder family = GaugeSnapshot.builder().name(name).help(help);
        points.forEach(family::dataPoint);
        all.add(family.build());
    }

    void counter(String name, String help, double value) {
        counter(name, help, Stream.of(counterPoint(Labels.EMPTY, value)));
    }

    /** One value for each of these. */
    <T> void counter(String name, String help, Collection<T> of, Function<T, Labels> labels,
            ToDoubleFunction<T> value) {
        counter(name, help, of.stream().map(one -> counterPoint(labels.apply(one), value.applyAsDouble(one))));
    }

    private static CounterDataPointSnapshot counterPoint(Labels labels, double value) {
        return CounterDataPointSnapshot.builder().labels(labels).value(value).build();
    }

    private void counter(String name, String help, Stream<CounterDataPointSnapshot> points) {
        CounterSnapshot.Builder family = CounterSnapshot.builder().name(name).help(help);
        points.forEach(family::dataPoint);
        all.add(family.build());
    }

    /** How long something took, for each of these. */
    <T> void histogram(String name, String help, Collection<T> of, Function<T, Labels> labels,
            Function<T, Latency.Counts> value) {
        HistogramSnapshot.Builder family = HistogramSnapshot.builder().name(name).help(help);
        for (T one : of) {
            Latency.Counts counts = value.apply(one);
            family.dataPoint(HistogramDataPointSnapshot.builder().labels(labels.apply(one)).sum(counts.nanos() / NANOS)
                    .classicHistogramBuckets(ClassicHistogramBuckets.of(bounds(), counts.buckets())).build());
        }
        all.add(family.build());
    }

    private static List<Double> bounds() {
        List<Double> bounds = new ArrayList<>();
        Latency.bounds().forEach(nanos -> bounds.add(nanos / NANOS));
        bounds.add(Double.POSITIVE_INFINITY);
        return bounds;
    }

    MetricSnapshots all() {
        return new MetricSnapshots(all);
    }
}
