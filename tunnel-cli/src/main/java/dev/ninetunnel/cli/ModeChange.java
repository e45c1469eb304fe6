package dev.ninetunnel.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A change of permissions as chmod(1) takes it: {@code 640}, {@code u+x}, {@code go-w,a=rX}. Without {@code ugoa}, all are meant. */
final class ModeChange {
    private static final Pattern NUMBER = Pattern.compile("[0-7]{1,4}");
    private static final Pattern CLAUSE = Pattern.compile("([ugoa]*)([-+=])([rwxXst]*)");
    private static final int ALL = 07777;
    private static final int EXECUTE = 0111;

    /** One step: the bits that stay, and those that come. */
    private record Step(char operator, int who, int bits, boolean executeIfAny) {
        int apply(int mode, boolean directory) {
            int now = bits | (executeIfAny && (directory || (mode & EXECUTE) != 0) ? EXECUTE & who : 0);
            return switch (operator) {
                case '+' -> mode | now;
                case '-' -> mode & ~now;
                // Of a directory, set-user-ID and set-group-ID stay unless they are named, as with chmod(1).
                default -> (mode & ~(directory ? who & 01777 : who)) | now;
            };
        }
    }

    private final List<Step> steps;
    private final int number;

    private ModeChange(int number, List<Step> steps) {
        this.number = number;
        this.steps = steps;
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException with a message for the person who typed it
     */
    static ModeChange parse(String text) {
        if (NUMBER.matcher(text).matches()) {
            return new ModeChange(Integer.parseInt(text, 8), List.of());
        }
        List<Step> steps = new ArrayList<>();
        for (String clause : text.split(",", -1)) {
            Matcher m = CLAUSE.matcher(clause);
            if (!m.matches()) {
                throw new IllegalArgumentException(
                        "'" + text + "' is no mode: write a number such as 640, or changes such as "
                                + "u+x,go-w");
            }
            int who = who(m.group(1));
            steps.add(new Step(m.group(2).charAt(0), who, bits(m.group(3)) & who, m.group(3).indexOf('X') >= 0));
        }
        return new ModeChange(-1, steps);
    }

    private static int who(String letters) {
        IntPredicate named = letter -> letters.isEmpty() || letters.indexOf('a') >= 0 || letters.indexOf(letter) >= 0;
        return (named.test('u') ? 04700 : 0) | (named.test('g') ? 02070 : 0) | (named.test('o') ? 0007 : 0)
                | (letters.isEmpty() || letters.indexOf('a') >= 0 || letters.indexOf('o') >= 0 ? 01000 : 0);
    }

    private static int bits(String letters) {
        return letters.chars().map(letter -> switch (letter) {
            case 'r' -> 0444;
            case 'w' -> 0222;
            case 'x' -> EXECUTE;
            case 's' -> 06000;
            case 't' -> 01000;
            default -> 0;
        }).reduce(0, (one, other) -> one | other);
    }

    /** The permission bits of what had these. */
    int apply(int mode, boolean directory) {
        if (number >= 0) {
            return number;
        }
        int now = mode & ALL;
        for (Step step : steps) {
            now = step.apply(now, directory);
        }
        return now;
    }
}
