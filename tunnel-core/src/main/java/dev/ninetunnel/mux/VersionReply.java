package dev.ninetunnel.mux;

import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Extended;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rversion;
import dev.ninetunnel.wire.message.Tversion;
import java.time.Duration;
import java.util.Optional;

/**
 * The answer to a local client's Tversion, which never leaves this endpoint (version(5), rules M8 to M10).
 *
 * <p>The version is the longest that the far side speaks among the one asked for and what stands before its dots; else nothing,
 * which Rversion calls {@code unknown}. A client that asks for
 * less than {@value Frame#MIN_MSIZE} bytes gets {@code unknown} too: version(5) forbids to answer with more than was
 * asked for, and with less no reply that is neither Rread nor Rreaddir would be sure to fit.
 *
 * @param msize the smaller of what was asked for and what the link has
 * @param dialect empty for {@code unknown}
 * @param extended whether the client asks for the messages of {@link Extended}, and the far side takes them
 * @param lease for how long leases are good that the client asks for and may have; zero if it may have none
 */
record VersionReply(int msize, Optional<Dialect> dialect, boolean extended, Duration lease) {
    private static final Text UNKNOWN = Text.of("unknown");

    /** @param lendable for how long leases are good that local clients are granted; zero if they are granted none */
    static VersionReply of(Tversion asked, RemoteParameters far, Duration lendable) {
        int msize = Integer.compareUnsigned(asked.msize(), far.msize()) < 0 ? asked.msize() : far.msize();
        if (msize < Frame.MIN_MSIZE) {
            return new VersionReply(msize, Optional.empty(), false, Duration.ZERO);
        }
        String version = asked.version().utf8();
        boolean extended = far.extended() && Extended.isAskedFor(version);
        return new VersionReply(msize, Dialect.answering(version, far::speaks), extended,
                extended && Extended.asksForLeases(version) ? lendable : Duration.ZERO);
    }

    Rversion reply() {
        return new Rversion(msize, extended ? Text.of(ours()) : dialect.map(d -> Text.of(d.version())).orElse(UNKNOWN));
    }

    private String ours() {
        return lease.isPositive() ? Extended.withLeases(lease) : Extended.VERSION;
    }
}
