package dev.ninetunnel.cli.config;

import dev.ninetunnel.cli.Failure;
import dev.ninetunnel.cli.options.DurationParser;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * A table of a TOML file. Each key that is asked for is one that can be there; when all have been, {@link #end} finds those
 * that cannot. What is wrong is noted, with its place, and reads as absent.
 */
public final class Section {
    private static final Pattern SIZE = Pattern.compile("(\\d{1,9})\\s*([KMG]?)(?:i?B)?");

    private final Findings findings;
    private final String path;
    private final TomlTable table;
    private final Set<String> known = new LinkedHashSet<>();

    /** With what to call it, empty at the top. */
    Section(Findings findings, String path, TomlTable table) {
        this.findings = findings;
        this.path = path;
        this.table = table;
    }

    /** The whole, for messages. */
    String path() {
        return path;
    }

    Set<String> keys() {
        return table.keySet();
    }

    public boolean has(String key) {
        known.add(key);
        return table.contains(List.of(key));
    }

    TomlPosition at(String key) {
        return table.inputPositionOf(List.of(key));
    }

    public void wrong(String key, String what) {
        findings.add(at(key), what);
    }

    /** Notes what is not there, but should be. */
    void missing(String what) {
        findings.add(keys().isEmpty() ? null : at(keys().iterator().next()), what);
    }

    boolean isTable(String key) {
        return table.get(List.of(key)) instanceof TomlTable;
    }

    private <T> Optional<T> value(String key, Class<T> type, String what) {
        known.add(key);
        Object value = table.get(List.of(key));
        if (value == null || type.isInstance(value)) {
            return Optional.ofNullable(type.cast(value));
        }
        wrong(key, key + " must be " + what);
        return Optional.empty();
    }

    public Optional<String> text(String key) {
        return value(key, String.class, "a string, in quotation marks");
    }

    public boolean flag(String key, boolean absent) {
        return value(key, Boolean.class, "true or false").orElse(absent);
    }

    /** A string, or several. */
    List<String> texts(String key) {
        known.add(key);
        List<String> texts = new ArrayList<>();
        switch (table.get(List.of(key))) {
            case null -> {}
            case String one -> texts.add(one);
            case TomlArray several -> {
                for (int i = 0; i < several.size(); i++) {
                    if (several.get(i) instanceof String s) {
                        texts.add(s);
                    } else {
                        findings.add(several.inputPositionOf(i), key + " takes strings, in quotation marks");
                    }
                }
            }
            default -> wrong(key, key + " must be a string, or several: [\"...\", \"...\"]");
        }
        return texts;
    }

    /** A number of bytes: a number, or a string such as {@code "16M"}; or any count. */
    public long amount(String key, long absent) {
        known.add(key);
        return switch (table.get(List.of(key))) {
            case null -> absent;
            case Long number when number >= 0 -> number;
            case String s when SIZE.matcher(s).matches() -> bytes(s);
            default -> {
                wrong(key, key + " must be a number, such as 1000 or \"16M\"");
                yield absent;
            }
        };
    }

    private static long bytes(String text) {
        Matcher m = SIZE.matcher(text);
        if (!m.matches()) {
            throw new IllegalArgumentException(text);
        }
        int shift = switch (m.group(2)) {
            case "K" -> 10;
            case "M" -> 20;
            case "G" -> 30;
            default -> 0;
        };
        return Long.parseLong(m.group(1)) << shift;
    }

    /** A span of time: a number of seconds, as the options have it, or such as {@code "10s"}. */
    Duration span(String key, Duration absent) {
        known.add(key);
        Object value = table.get(List.of(key));
        if (value == null) {
            return absent;
        }
        try {
            return DurationParser.parse(value instanceof Long seconds ? seconds + "s" : value.toString());
        } catch (IllegalArgumentException e) {
            wrong(key, key + " must be a time: a number of seconds, or \"10s\", \"5m\", \"2h\"");
            return absent;
        }
    }

    /** What a string stands for; an {@link IllegalArgumentException} is noted as what is wrong with it. */
    public <T> Optional<T> read(String key, Function<String, T> reading) {
        return text(key).flatMap(text -> attempt(key, () -> reading.apply(text)));
    }

    /** What comes of the value of a key, or nothing, if it is wrong, which is noted. */
    public <T> Optional<T> attempt(String key, Supplier<T> reading) {
        try {
            return Optional.of(reading.get());
        } catch (IllegalArgumentException e) {
            wrong(key, e.getMessage());
            return Optional.empty();
        } catch (Failure e) {
            wrong(key, e.getMessage());
            return Optional.empty();
        }
    }

    /** The table of this name, empty if there is none. */
    public Optional<Section> table(String key) {
        return value(key, TomlTable.class, "a table").map(found -> new Section(findings, within(key), found));
    }

    /** The tables in the table of this name, by their names. */
    Map<String, Section> tables(String key) {
        Map<String, Section> found = new LinkedHashMap<>();
        table(key).ifPresent(all -> all.keys().forEach(name -> all.table(name).ifPresent(s -> found.put(name, s))));
        return found;
    }

    private String within(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    /** Notes the keys that nobody has asked for. */
    public void end() {
        for (String key : keys()) {
            if (!known.contains(key)) {
                wrong(key,
                        "unknown key '" + key + "'" + (path.isEmpty() ? "" : " in [" + path + "]") + suggestion(key));
            }
        }
    }

    private String suggestion(String typed) {
        String nearest = null;
        int least = Math.max(2, typed.length() / 3) + 1;
        for (String key : known) {
            int distance = distance(typed.toLowerCase(Locale.ROOT).replace('_', '-'), key);
            if (distance < least) {
                least = distance;
                nearest = key;
            }
        }
        return nearest != null
                ? ": did you mean '" + nearest + "'?"
                : ": there are " + String.join(", ", known);
    }

    /** How many letters have to be changed, put in or left out (Levenshtein). */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
