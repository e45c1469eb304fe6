package dev.ninetunnel.cli.config;

import dev.ninetunnel.cli.Failure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.tomlj.TomlPosition;

/** What is wrong with a file: a line each, with the place where it is. */
final class Findings {
    /** Who has made more mistakes mends some first. */
    private static final int MOST_TOLD = 20;

    private final Path file;
    private final List<String> all = new ArrayList<>();

    Findings(Path file) {
        this.file = file;
    }

    /** Notes a fault; the place may be null, for what is missing. */
    void add(TomlPosition where, String what) {
        all.add(file + (where == null ? "" : ":" + where.line() + ":" + where.column()) + ": " + what);
    }

    /** Throws, if there is any. */
    void settle() {
        if (all.size() > MOST_TOLD) {
            all.add(file + ": and more that is wrong, " + (all.size() - MOST_TOLD) + " times");
            all.subList(MOST_TOLD, all.size() - 1).clear();
        }
        if (!all.isEmpty()) {
            throw new Failure(Failure.CONFIG, String.join(System.lineSeparator() + "ninetunnel: ", all));
        }
    }
}
