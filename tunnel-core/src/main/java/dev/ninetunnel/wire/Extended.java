package dev.ninetunnel.wire;

/**
 * 9P2000.L with the {@linkplain MessageType#isExtended messages} of our own, as it is agreed on. A client that wants them asks for
 * {@value #VERSION}; a server that does not know it may answer with the part before the last dot (version(5)), or with {@code unknown},
 * upon which the client asks for 9P2000.L. Between endpoints it is a parameter of the version string that opens a conversation, and the
 * answer has it where the side that answers takes them: {@code 9P2000.L;extended=1}.
 */
public final class Extended {
    /** What a client asks for. */
    public static final String VERSION = "9P2000.L.ninetunnel";
    /** What an endpoint asks for, and answers. */
    public static final String PARAMETER = ";extended=1";

    private Extended() {}

    /** Whether a client asks for it, or for what goes on behind another dot. */
    public static boolean isAskedFor(String version) {
        return version.equals(VERSION) || version.startsWith(VERSION + ".");
    }

    /** Whether a version string of an endpoint has the parameter. */
    public static boolean isIn(String version) {
        return (version + ";").contains(PARAMETER + ";");
    }
}
