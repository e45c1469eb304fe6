package dev.ninetunnel.wire;

import java.time.Duration;
import java.util.Optional;

/**
 * 9P2000.L with the {@linkplain MessageType#isExtended messages} of our own, as it is agreed on. A client that wants them asks for
 * {@value #VERSION}; a server that does not know it may answer with the part before the last dot (version(5)), or with {@code unknown},
 * upon which the client asks for 9P2000.L. Between endpoints it is a parameter of the version string that opens a conversation, and the
 * answer has it where the side that answers takes them: {@code 9P2000.L;extended=1}.
 */
public final class Extended {
    /** What a client asks for. */
    public static final String VERSION = "9P2000.L.ninetunnel";
    /** What a local client of an endpoint asks for that takes leases as well; it is answered {@link #withLeases}, or less. */
    public static final String LEASES = VERSION + ".lease";
    /** What an endpoint asks for, and answers. */
    public static final String PARAMETER = ";extended=1";

    private Extended() {}

    /** Whether a client asks for it, or for what goes on behind another dot. */
    public static boolean isAskedFor(String version) {
        return version.equals(VERSION) || version.startsWith(VERSION + ".");
    }

    /** Whether a local client asks for leases as well. */
    public static boolean asksForLeases(String version) {
        return version.equals(LEASES) || version.startsWith(LEASES + ".");
    }

    /** What a local client is answered that may have leases which are good for so long. */
    public static String withLeases(Duration term) {
        return LEASES + "=" + term.toMillis();
    }

    /** For how long leases are good by what an endpoint has answered; empty if it grants none. */
    public static Optional<Duration> term(String answered) {
        if (!answered.startsWith(LEASES + "=")) {
            return Optional.empty();
        }
        try {
            long millis = Integer.parseInt(answered.substring(LEASES.length() + 1));
            return millis > 0 ? Optional.of(Duration.ofMillis(millis)) : Optional.empty();
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    /** Whether a version string of an endpoint has the parameter. */
    public static boolean isIn(String version) {
        return (version + ";").contains(PARAMETER + ";");
    }
}
