package dev.ninetunnel.endpoint;

import dev.ninetunnel.identity.Identity;
import dev.ninetunnel.identity.IdentityException;
import dev.ninetunnel.identity.PeerFile;
import dev.ninetunnel.identity.invitation.Invitations;
import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.link.LinkException;
import dev.ninetunnel.link.LinkLimits;
import dev.ninetunnel.link.Transport;
import dev.ninetunnel.link.accept.LinkAcceptor;
import dev.ninetunnel.link.pairing.Pairing;
import dev.ninetunnel.tls.Tls;
import io.netty.channel.EventLoopGroup;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Where invited peers come when no endpoint listens yet: for pairing only. Its
 * methods are for the threads of the program around it.
 */
public final class PairingServer implements AutoCloseable {
    /** How long it stays for those who are still to hear its answer, in nanoseconds. */
    private static final long LAST_WORDS = TimeUnit.SECONDS.toNanos(5);
    private static final long LOOK_MILLIS = 20;

    private final EventLoopGroup loops;
    private final Pairing pairing;
    private final LinkAcceptor acceptor;

    private PairingServer(EventLoopGroup loops, Pairing pairing, LinkAcceptor acceptor) {
        this.loops = loops;
        this.pairing = pairing;
        this.acceptor = acceptor;
    }

    /**
     * Begins to listen, in the name of the endpoint with this home folder.
     *
     * @throws EndpointException if it cannot listen there, or the key cannot be used
     */
    public static PairingServer open(Path home, HostPort where) throws EndpointException {
        EventLoopGroup loops = Transport.newLoops(1);
        try {
            Tls tls = new Tls(Identity.loadOrCreate(home), Clock.systemUTC());
            Pairing pairing = new Pairing(new Invitations(home, Clock.systemUTC()), new PeerFile(home), name -> {});
            LinkAcceptor acceptor = LinkAcceptor.listen(where, loops, tls, List::of, pairing, LinkLimits.DEFAULT,
                    link -> link.close("only those who are invited are heard here"));
            PairingServer opened = new PairingServer(loops, pairing, acceptor);
            loops = null;
            return opened;
        } catch (IdentityException e) {
            throw new EndpointException(EndpointException.Kind.CONFIG, e.getMessage(), e);
        } catch (LinkException e) {
            throw new EndpointException(EndpointException.Kind.UNAVAILABLE, e.getMessage(), e);
        } finally {
            if (loops != null) {
                loops.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
            }
        }
    }

    /** Where it listens, with the real port. */
    public InetSocketAddress address() {
        return acceptor.address();
    }

    /** Stops, when those who are there have been answered; a few seconds later in any case. */
    @Override
    public void close() {
        long until = System.nanoTime() + LAST_WORDS;
        try {
            while (pairing.isBusy() && System.nanoTime() < until) {
                Thread.sleep(LOOK_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        acceptor.close();
        loops.shutdownGracefully(20, 2_000, TimeUnit.MILLISECONDS).awaitUninterruptibly();
    }
}
