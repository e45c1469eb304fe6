package dev.ninetunnel.endpoint;

import dev.ninetunnel.audit.Audit;
import dev.ninetunnel.endpoint.process.InheritedSockets;
import dev.ninetunnel.identity.Credentials;
import dev.ninetunnel.identity.IdentityException;
import dev.ninetunnel.identity.PeerFile;
import dev.ninetunnel.identity.Peers;
import dev.ninetunnel.identity.invitation.Invitations;
import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.link.LinkLimits;
import dev.ninetunnel.link.Transport;
import dev.ninetunnel.link.pairing.Pairing;
import dev.ninetunnel.tls.Tls;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an endpoint is opened from, in this order: its key, its ports, the user that it becomes, its exports and its record. All
 * that the power of root may be needed for comes before that is given up.
 *
 * @param setup what it is told, now
 */
record EndpointParts(AtomicReference<HubConfig> setup, EventLoopGroup loops, EventLoop loop, Peers peers,
        Credentials credentials, Tls tls, LinkLimits linkLimits, Listeners listeners, Audit audit,
        PeerExports peerExports) {
    private static final Logger LOG = LoggerFactory.getLogger(EndpointParts.class);

    /**
     * Opens them.
     *
     * @param inherited the ports that are listened at for it already
     * @param peersOf makes the list of who is trusted, of what the endpoint is told at each moment
     * @throws EndpointException if something cannot be used, or a port is not to be had
     */
    static EndpointParts open(HubConfig hubConfig, InheritedSockets inherited,
            Function<Supplier<HubConfig>, Peers> peersOf) throws EndpointException {
        EndpointConfig config = hubConfig.config();
        EventLoopGroup loops = null;
        requireUse(inherited, hubConfig);
        try {
            Credentials credentials = Credentials.open(config.papers(), Clock.systemUTC());
            AtomicReference<HubConfig> setup = new AtomicReference<>(hubConfig);
            Peers peers = peersOf.apply(setup::get);
            loops = Transport.newLoops(1);
            Tls tls = new Tls(credentials, Clock.systemUTC());
            LinkLimits limits = LinkLimits.DEFAULT.withHandshake(config.limits().session().opening())
                    .withDoor(config.limits().door());
            Audit audit = new Audit(config.audit(), Clock.systemUTC());
            Listeners listeners = new Listeners(loops, tls, peers, pairing(config, audit, name -> {}), limits, audit,
                    inherited);
            giveUpPower(hubConfig, listeners, peers);
            EventLoop loop = loops.next();
            EndpointParts opened = new EndpointParts(setup, loops, loop, peers, credentials, tls, limits, listeners,
                    audit, PeerExports.of(loop, hubConfig));
            opened.openAudit();
            loops = null;
            return opened;
        } catch (IdentityException | IllegalArgumentException e) {
            throw new EndpointException(EndpointException.Kind.CONFIG, e.getMessage(), e);
        } catch (IOException e) {
            throw new EndpointException(EndpointException.Kind.MISSING, e.getMessage(), e);
        } finally {
            if (loops != null) {
                loops.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
            }
        }
    }

    private static void requireUse(InheritedSockets inherited, HubConfig hubConfig) throws EndpointException {
        try {
            inherited.requireUse(hubConfig.listen());
        } catch (IOException e) {
            throw new EndpointException(EndpointException.Kind.CONFIG, e.getMessage(), e);
        }
    }

    /** How those who are invited pair with the endpoint. */
    static Pairing pairing(EndpointConfig config, Audit audit, Consumer<String> onPaired) {
        return new Pairing(new Invitations(config.home(), Clock.systemUTC()), new PeerFile(config.home()), audit,
                onPaired);
    }

    /** Takes the ports and becomes another user, if the endpoint is to. No connection has been let in so far. */
    private static void giveUpPower(HubConfig hubConfig, Listeners listeners, Peers peers) throws EndpointException {
        EndpointConfig config = hubConfig.config();
        if (config.user().isEmpty()) {
            return;
        }
        for (HostPort where : hubConfig.listen()) {
            listeners.take(where);
        }
        try {
            // It stays as it is now, should the user not be allowed to read it.
            peers.list();
        } catch (IdentityException e) {
            LOG.debug("what is wrong with the list of peers will be told when it matters: {}", e.getMessage());
        }
        try {
            config.user().get().become(config.run());
        } catch (IOException e) {
            throw new EndpointException(EndpointException.Kind.NOT_ALLOWED, e.getMessage(), e);
        }
    }

    /** Begins the record, as the user that the process is now: no peer is served without it. */
    private void openAudit() throws EndpointException {
        try {
            audit.open();
        } catch (IOException e) {
            peerExports.close();
            throw new EndpointException(EndpointException.Kind.CANNOT_CREATE, e.getMessage(), e);
        }
    }

    EndpointConfig config() {
        return setup.get().config();
    }
}
