package dev.ninetunnel.session;

import dev.ninetunnel.wire.Text;

/**
 * The parameter of a version string by which a side says, when a link begins, that it takes messages in
 * {@linkplain dev.ninetunnel.wire.Part parts}: {@code 9P2000.L;parts=1}. Either side may send them so once both have said it.
 */
final class PartsParameter {
    private static final String PARAMETER = "parts";
    private static final String KIND = "1";

    private PartsParameter() {}

    /** The version string that says it as well. */
    static Text in(Text version) {
        return Text.of(version.utf8() + ";" + PARAMETER + "=" + KIND);
    }

    /** Whether a version string says it. */
    static boolean isIn(String version) {
        return KIND.equals(ResumeToken.parameters(version).get(PARAMETER));
    }
}
