package dev.ninetunnel.endpoint.metrics;

import io.prometheus.metrics.model.snapshots.Labels;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/** What the system and the Java machine tell of this process. Any thread. */
final class ProcessCounts {
    private static final double MILLIS = 1e3;
    private static final double NANOS = 1e9;

    private final LongSupplier mostDescriptors;

    /** With how many descriptors the process may have; {@link Long#MAX_VALUE} for any number. */
    ProcessCounts(LongSupplier mostDescriptors) {
        this.mostDescriptors = mostDescriptors;
    }

    /** The names are those that programs of Prometheus use for every process. */
    void addTo(Families families) {
        ProcessHandle.Info process = ProcessHandle.current().info();
        process.startInstant().ifPresent(start -> families.gauge("process_start_time_seconds",
                "When the process started, in seconds since 1970", start.toEpochMilli() / MILLIS));
        process.totalCpuDuration().ifPresent(time -> families.counter("process_cpu_seconds",
                "Processor time that the process has used", time.toNanos() / NANOS));
        descriptors().ifPresent(open -> families.gauge("process_open_fds", "Descriptors that are open", open));
        families.gauge("process_max_fds", "Descriptors that may be open", (double) mostDescriptors.getAsLong());
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        families.gauge("jvm_memory_used_bytes", "Memory of the Java machine in use",
                Map.of("heap", memory.getHeapMemoryUsage().getUsed(), "nonheap",
                        memory.getNonHeapMemoryUsage().getUsed()).entrySet(),
                area -> Labels.of("area", area.getKey()), Map.Entry::getValue);
        families.gauge("jvm_memory_max_bytes", "The most that the heap may grow to",
                (double) memory.getHeapMemoryUsage().getMax());
        families.gauge("jvm_buffer_pool_used_bytes", "Memory outside the heap for buffers",
                ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class),
                pool -> Labels.of("pool", pool.getName()), BufferPoolMXBean::getMemoryUsed);
        List<GarbageCollectorMXBean> collectors = ManagementFactory.getGarbageCollectorMXBeans();
        families.counter("jvm_gc_collections", "Collections of garbage", collectors,
                one -> Labels.of("gc", one.getName()), GarbageCollectorMXBean::getCollectionCount);
        families.counter("jvm_gc_seconds", "Time that collections took", collectors,
                one -> Labels.of("gc", one.getName()), one -> one.getCollectionTime() / MILLIS);
        families.gauge("jvm_threads_current", "Threads of the Java machine",
                ManagementFactory.getThreadMXBean().getThreadCount());
    }

    private static Optional<Integer> descriptors() {
        try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            int count = 0;
            for (Path _ : open) {
                count++;
            }
            return Optional.of(count);
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
