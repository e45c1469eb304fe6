package dev.ninetunnel.cli.options;

import dev.ninetunnel.cli.config.Section;
import dev.ninetunnel.endpoint.EndpointConfig;
import dev.ninetunnel.link.HandshakeLimits;
import java.time.Duration;
import picocli.CommandLine.Option;

/** How much of an endpoint that listens they may use who have not proven who they are; as options, and as keys of a file. */
public final class DoorOptions {
    @Option(names = "--handshakes", paramLabel = "START:PERCENT:FULL", defaultValue = "1024:30:2048", description = "How many connections of unknown "
            + "addresses may wait for their handshake or be in it. From START on, the address with the most gives "
            + "way; where all have equally many, PERCENT of the new ones are turned away by chance, rising to all "
            + "at FULL. A number alone is FULL, without chance. Default: ${DEFAULT-VALUE}.")
    private String handshakes;

    @Option(names = "--handshakes-per-address", paramLabel = "N", defaultValue = "2048", description = "How many of them one address may have; "
            + "of IPv6, one /64. Default: ${DEFAULT-VALUE}.")
    private int perAddress;

    @Option(names = "--handshakes-per-second", paramLabel = "N", description = "How many handshakes may begin in a "
            + "second with all unknown addresses; more wait. The number for 5 seconds may begin together. Handshakes "
            + "that end in a link do not count. Default: as many as a quarter of one processor can do.")
    private int perSecond = HandshakeLimits.MOST;

    @Option(names = "--handshakes-per-second-per-address", paramLabel = "N", description = "How many of them may begin in a second "
            + "with one address; more wait. The number for 5 seconds may begin together. Default: addresses take turns.")
    private int perSecondPerAddress = HandshakeLimits.MOST;

    @Option(names = "--opening", paramLabel = "SECONDS", defaultValue = "10", description = "How long a peer may take for the TLS "
            + "handshake and to begin to speak 9P. Default: ${DEFAULT-VALUE}.")
    private int opening;

    public EndpointConfig applied(EndpointConfig config, Invocation invocation) {
        return invocation.usage(() -> {
            EndpointConfig.Limits limits = config.limits();
            HandshakeLimits door = new HandshakeLimits(HandshakeLimits.Crowd.parse(handshakes), perAddress, perSecond,
                    perSecondPerAddress);
            return config.withLimits(limits.withDoor(door)
                    .withSession(limits.session().withOpening(Duration.ofSeconds(opening))));
        });
    }

    /** The same from the keys of a table; what is wrong with them is noted. */
    public static HandshakeLimits read(Section section) {
        HandshakeLimits usual = HandshakeLimits.DEFAULT;
        HandshakeLimits.Crowd crowd = section.read("handshakes", HandshakeLimits.Crowd::parse)
                .orElse(usual.handshakes());
        long ofAddress = section.amount("handshakes-per-address", usual.ofAddress());
        long perSecond = section.amount("handshakes-per-second", usual.perSecond());
        long perSecondOfAddress = section.amount("handshakes-per-second-per-address", usual.perSecondOfAddress());
        return section.attempt("handshakes", () -> new HandshakeLimits(crowd, clamp(ofAddress), clamp(perSecond),
                clamp(perSecondOfAddress))).orElse(usual);
    }

    private static int clamp(long number) {
        return (int) Math.min(number, HandshakeLimits.MOST);
    }
}
