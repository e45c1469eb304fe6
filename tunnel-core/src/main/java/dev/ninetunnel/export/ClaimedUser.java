package dev.ninetunnel.export;

import dev.ninetunnel.wire.Text;
import java.util.OptionalInt;

/**
 * Who an attach says that its user is (attach(5)). It is the far side that says so: it has proved who it is itself, and
 * no more.
 *
 * @param peer the far side's name, for the log
 * @param number n_uname, where the dialect has it; all ones for none
 */
public record ClaimedUser(String peer, Text uname, OptionalInt number) {
    private static final int NO_NUMBER = -1;
    /** The longest name of a user that Linux knows ({@code LOGIN_NAME_MAX}). */
    private static final int LONGEST = 256;

    /** A name that is not needed, or cannot be one, is not kept. */
    public ClaimedUser {
        if (isNumber(number) || uname.length() > LONGEST) {
            uname = Text.EMPTY;
        }
    }

    /** Whether the user is told by a number. */
    public boolean isNumber() {
        return isNumber(number);
    }

    private static boolean isNumber(OptionalInt number) {
        return number.isPresent() && number.getAsInt() != NO_NUMBER;
    }

    /** For the log. */
    @Override
    public String toString() {
        return isNumber()
                ? "the user number " + Integer.toUnsignedString(number.getAsInt())
                : "the user \"" + uname + "\"";
    }
}
