package dev.ninetunnel.serve;

import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Extended;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Tversion;
import java.util.Optional;

/**
 * What a Tversion is answered with (version(5)).
 *
 * @param version as it is told: that of the dialect, with our own messages where they are asked for
 */
record AgreedVersion(Dialect dialect, Text version) {
    /**
     * The answer; empty if the version is not known. What follows a semicolon in an endpoint's is for {@code session}, not for us.
     *
     * @param ours whether an endpoint asks
     */
    static Optional<AgreedVersion> of(Tversion message, boolean ours) {
        String asked = message.version().utf8();
        int parameters = ours ? asked.indexOf(';') : -1;
        String base = parameters < 0 ? asked : asked.substring(0, parameters);
        return Dialect.answering(base, dialect -> !(dialect == Dialect.UNIX && ours))
                .map(dialect -> new AgreedVersion(dialect, Text.of(told(dialect, asked, ours))));
    }

    private static String told(Dialect dialect, String asked, boolean ours) {
        if (dialect != Dialect.LINUX) {
            return dialect.version();
        }
        if (ours) {
            return dialect.version() + (Extended.isIn(asked) ? Extended.PARAMETER : "");
        }
        return Extended.isAskedFor(asked) ? Extended.VERSION : dialect.version();
    }
}
