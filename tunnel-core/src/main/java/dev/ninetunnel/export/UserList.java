package dev.ninetunnel.export;

import dev.ninetunnel.fs.Caller;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.local.LocalUsers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Users that are named, or whose numbers are: {@code alice:1000-1999:root}. Root is among them only if root alone is
 * named, by name or number, and never by a range.
 */
public record UserList(List<Range> ranges) implements UserRule {
    private static final long MOST = 0xFFFF_FFFEL;
    private static final Pattern NUMBERS = Pattern.compile("(\\d{1,10})(?:-(\\d{1,10}))?");

    /** From the first number to the last, both included. */
    public record Range(long first, long last) {}

    public UserList {
        ranges = List.copyOf(ranges);
    }

    /**
     * Reads a list, in which {@code *} is everybody but root. Names are looked up at once.
     *
     * @throws IllegalArgumentException with a message for people, if it is none or names nobody
     */
    public static UserList parse(String text) {
        List<Range> ranges = new ArrayList<>();
        for (String part : text.split(":", -1)) {
            Matcher numbers = NUMBERS.matcher(part);
            if (part.equals("*")) {
                ranges.add(new Range(1, MOST));
            } else if (numbers.matches() && numbers.group(2) != null) {
                ranges.add(range(part, Long.parseLong(numbers.group(1)), Long.parseLong(numbers.group(2))));
            } else {
                long uid = Integer.toUnsignedLong(uid(part));
                ranges.add(new Range(uid, uid));
            }
        }
        return new UserList(ranges);
    }

    private static Range range(String part, long first, long last) {
        if (first > last || last > MOST) {
            throw new IllegalArgumentException(
                    "'" + part + "' is no range of user numbers: write the smaller one first, "
                            + "and none above " + MOST);
        }
        if (first == 0) {
            throw new IllegalArgumentException("the range '" + part + "' has root in it: let it begin with 1, and add "
                    + "':root' if you mean root, too");
        }
        return new Range(first, last);
    }

    private static int uid(String part) {
        return user(part).uid();
    }

    /**
     * One user, by name or number; one with no account has no group but {@code nogroup}.
     *
     * @throws IllegalArgumentException with a message for people, if there is none
     */
    static Caller.User user(String text) {
        LocalUsers users = new LocalUsers();
        try {
            if (text.matches("\\d{1,10}")) {
                long number = Long.parseLong(text);
                if (number > MOST) {
                    throw new IllegalArgumentException("'" + text + "' is no number of a user: they go up to " + MOST);
                }
                return users.numbered((int) number);
            }
            return users.named(text.getBytes(StandardCharsets.UTF_8)).orElseThrow(() -> new IllegalArgumentException(
                    "there is no user '" + text + "' on this machine: give a name that 'getent passwd' knows, or a "
                            + "number"));
        } catch (FsException e) {
            throw new IllegalArgumentException("the user '" + text + "' cannot be looked up: " + e.getMessage()
                    + ". Does the directory service of this machine answer?", e);
        }
    }

    @Override
    public boolean allows(int uid) {
        long number = Integer.toUnsignedLong(uid);
        return ranges.stream().anyMatch(r -> r.first <= number && number <= r.last);
    }
}
