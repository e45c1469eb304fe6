package dev.ninetunnel.endpoint;

import dev.ninetunnel.endpoint.process.GarbageWatch;
import dev.ninetunnel.endpoint.process.NetworkNotices;
import dev.ninetunnel.identity.invitation.Invitations;
import dev.ninetunnel.link.Repeated;
import dev.ninetunnel.link.pairing.InvitationWatch;
import io.netty.channel.EventLoop;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an endpoint looks at again and again, as long as its event loop runs. */
final class Watches {
    private static final Logger LOG = LoggerFactory.getLogger(Watches.class);
    /** Whether the peers with links are trusted still. */
    private static final Duration TRUST_LOOK = Duration.ofMillis(500);
    /** Whether files have changed. */
    private static final Duration FILE_LOOK = Duration.ofSeconds(1);
    /** The time without a new or ended connection after which garbage is collected. */
    private static final Duration GARBAGE_LOOK = Duration.ofSeconds(15);

    private final EventLoop loop;

    private Watches(EventLoop loop) {
        this.loop = loop;
    }

    static void begin(EndpointParts parts, PeerRegistry peerRegistry, CredentialReloader credentialReloader,
            LocalSockets localSockets, Diallers diallers) {
        Watches watches = new Watches(parts.loop());
        watches.repeat(TRUST_LOOK, "who is trusted", peerRegistry::endUntrusted);
        watches.aside(FILE_LOOK, "papers", credentialReloader::look);
        NetworkNotices.begin(parts.loop(), () -> {
            LOG.debug("this host's network has changed: links are asked whether they are still there");
            peerRegistry.networkChanged();
            diallers.hurry(Redial.NETWORK_CHANGED);
        });
        watches.aside(GARBAGE_LOOK, "garbage", new GarbageWatch(parts.listeners()::turnover, System::gc)::look);
        watches.aside(FILE_LOOK, "sockets", localSockets::restore);
        if (parts.audit().isOn()) {
            Clock clock = Clock.systemUTC();
            watches.aside(FILE_LOOK, "invitations",
                    new InvitationWatch(new Invitations(parts.config().home(), clock), parts.audit(), clock)::look);
        }
    }

    /** On a thread of its own, for it reads files. */
    private void aside(Duration delay, String name, Runnable look) {
        repeat(delay, name, () -> Thread.ofVirtual().name(name).start(Repeated.of(name, look)));
    }

    private void repeat(Duration delay, String name, Runnable look) {
        loop.scheduleWithFixedDelay(Repeated.of(name, look), delay.toMillis(), delay.toMillis(),
                TimeUnit.MILLISECONDS);
    }
}
