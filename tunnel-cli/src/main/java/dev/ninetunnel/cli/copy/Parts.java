package dev.ninetunnel.cli.copy;

import dev.ninetunnel.wire.Text;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * The parts of files that earlier runs have left in one directory. Whoever copies such a file takes its part and goes on with it;
 * closing removes the others. May be used by several threads.
 */
final class Parts implements AutoCloseable {
    /** A part with less is faster sent again than compared. */
    static final long WORTH = 256 << 10;

    private final Consumer<Text> removal;
    private final Map<String, Text> byFile = new ConcurrentHashMap<>();
    private final Queue<Text> others = new ConcurrentLinkedQueue<>();

    /** None yet. */
    Parts(Consumer<Text> removal) {
        this.removal = removal;
    }

    /**
     * There is one.
     *
     * @param usable whether it can be gone on with
     */
    void add(Text part, boolean usable) {
        Optional<String> file = usable ? PartNames.fileOf(part) : Optional.empty();
        if (file.isEmpty() || byFile.putIfAbsent(file.get(), part) != null) {
            others.add(part);
        }
    }

    /** The part of a file, which is the caller's from now on. */
    Optional<Text> take(Text file) {
        return Optional.ofNullable(byFile.remove(PartNames.mark(file)));
    }

    @Override
    public void close() {
        byFile.values().forEach(removal);
        others.forEach(removal);
    }
}
