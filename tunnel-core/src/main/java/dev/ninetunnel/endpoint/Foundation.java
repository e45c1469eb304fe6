package dev.ninetunnel.endpoint;

import dev.ninetunnel.audit.Audit;
import dev.ninetunnel.identity.Credentials;
import dev.ninetunnel.identity.IdentityException;
import dev.ninetunnel.identity.PeerFile;
import dev.ninetunnel.identity.Peers;
import dev.ninetunnel.identity.invitation.Invitations;
import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.link.LinkLimits;
import dev.ninetunnel.link.pairing.Pairing;
import dev.ninetunnel.tls.Tls;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What there is of an endpoint before anything is exported: all that the power of root may be needed for. */
record Foundation(EventLoopGroup loops, EventLoop loop, Peers peers, Credentials papers, Tls tls, LinkLimits linkLimits,
        Listeners doors, Audit audit) {
    private static final Logger LOG = LoggerFactory.getLogger(Foundation.class);

    static Foundation of(EndpointConfig config, EventLoopGroup loops, Peers peers, Credentials credentials) {
        Tls tls = new Tls(credentials, Clock.systemUTC());
        LinkLimits limits = LinkLimits.DEFAULT.withHandshake(config.limits().session().opening())
                .withDoor(config.limits().door());
        Audit audit = new Audit(config.audit(), Clock.systemUTC());
        return new Foundation(loops, loops.next(), peers, credentials, tls, limits,
                new Listeners(loops, tls, peers, pairing(config, audit, name -> {}), limits, audit), audit);
    }

    /** How those who are invited pair with the endpoint. */
    static Pairing pairing(EndpointConfig config, Audit audit, Consumer<String> onPaired) {
        return new Pairing(new Invitations(config.home(), Clock.systemUTC()), new PeerFile(config.home()), audit,
                onPaired);
    }

    /**
     * Begins the record, as the user that the process is now.
     *
     * @throws EndpointException if it cannot be written: nobody is to be served without
     */
    void openAudit() throws EndpointException {
        try {
            audit.open();
        } catch (IOException e) {
            throw new EndpointException(EndpointException.Kind.CANNOT_CREATE, e.getMessage(), e);
        }
    }

    /**
     * Gives that power up, if it is to be. Nobody has been let in so far.
     *
     * @param listen the ports to take before
     * @throws EndpointException if a port is not to be had, or anything of the power is left: the process is not to go on
     */
    void settle(EndpointConfig config, List<HostPort> listen) throws EndpointException {
        if (config.user().isEmpty()) {
            return;
        }
        for (HostPort where : listen) {
            doors.take(where);
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
}
