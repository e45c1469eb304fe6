package dev.ninetunnel.endpoint;

import dev.ninetunnel.identity.Identity;
import dev.ninetunnel.identity.IdentityException;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerFile;
import dev.ninetunnel.identity.invitation.Invitation;
import dev.ninetunnel.link.LinkException;
import dev.ninetunnel.link.LinkLimits;
import dev.ninetunnel.link.Transport;
import dev.ninetunnel.link.dial.Destination;
import dev.ninetunnel.link.dial.LinkDialler;
import dev.ninetunnel.link.pairing.PairingVerdict;
import dev.ninetunnel.tls.Tls;
import io.netty.channel.EventLoopGroup;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Uses an invitation: afterwards each side has the other's key in its list of peers. For the threads of the program
 * around it; it waits.
 *
 * @param peer the inviter, as it is in the list now
 * @param calledThere what this endpoint is called there
 * @param list the file in which it stands
 */
public record PairingClient(Peer peer, String calledThere, Path list) {
    /**
     * Does so.
     *
     * @param to the way to the inviter
     * @param name what it shall be called here, if the list has no name for its key yet
     * @param replacing whether it may take the place of a peer of that name with another key
     * @throws EndpointException if it did not come about: the message says what to do
     */
    public static PairingClient of(Invitation invitation, Path home, Destination to, String name, boolean replacing)
            throws EndpointException, InterruptedException {
        try {
            Identity self = Identity.loadOrCreate(home);
            if (self.id().equals(invitation.inviter())) {
                throw new EndpointException(EndpointException.Kind.CONFIG, "this endpoint has made that invitation "
                        + "itself: it is to be accepted on the other host");
            }
            PeerFile book = new PeerFile(home);
            Peer inviter = inviter(invitation, book, name, replacing);
            String calledThere = ask(invitation, self, to);
            book.put(inviter, replacing);
            return new PairingClient(inviter, calledThere, book.file());
        } catch (IdentityException e) {
            throw new EndpointException(EndpointException.Kind.CONFIG, e.getMessage(), e);
        }
    }

    /** Finds what would be in the way before the invitation is used, for then it is too late. */
    private static Peer inviter(Invitation invitation, PeerFile book, String name, boolean replacing)
            throws EndpointException, IdentityException {
        Optional<Peer> known = book.byId(invitation.inviter());
        if (known.isPresent()) {
            return known.get();
        }
        Optional<Peer> other = book.byName(name);
        if (other.isPresent() && !replacing) {
            throw new EndpointException(EndpointException.Kind.CONFIG, "the name " + name + " stands for another key "
                    + "already: " + other.get().id()
                    + ". Choose another with --name, or add --replace if that peer has "
                    + "a new key. The invitation has not been used");
        }
        return new Peer(invitation.inviter(), name);
    }

    private static String ask(Invitation invitation, Identity self, Destination to)
            throws EndpointException, InterruptedException {
        EventLoopGroup loops = Transport.newLoops(1);
        try {
            PairingVerdict verdict = new LinkDialler(new Tls(self, Clock.systemUTC()), LinkLimits.DEFAULT)
                    .pair(to, invitation, loops.next()).get();
            return switch (verdict) {
                case PairingVerdict.Paired(String name) -> name;
                case PairingVerdict.Refused(String reason, int triesLeft) -> throw new EndpointException(
                        EndpointException.Kind.NOT_ALLOWED, to + " does not accept the invitation: "
                                + why(reason, triesLeft));
            };
        } catch (ExecutionException e) {
            if (e.getCause() instanceof LinkException fault) {
                throw new EndpointException(DialFault.kind(fault.kind()), fault.getMessage(), fault);
            }
            throw new CompletionException(e.getCause());
        } finally {
            loops.shutdownGracefully(20, 2_000, TimeUnit.MILLISECONDS).awaitUninterruptibly();
        }
    }

    private static String why(String reason, int triesLeft) {
        String another = ". Ask for another ('ninetunnel invite NAME' there)";
        return switch (reason) {
            case "unknown" -> "it was withdrawn, or a newer one has taken its place" + another;
            case "expired" -> "it has expired" + another;
            case "used" -> "it has been used already" + another
                    + ". If it was not you, a stranger has used it: remove that peer there";
            case "secret" -> "the secret in it is wrong, and " + triesLeft + " more wrong ones end it";
            case "ended" -> "too many wrong secrets came for it" + another;
            case "key" ->
                "this endpoint's key is trusted there already, under another name: there is nothing left to do "
                        + "but to dial";
            case "name" -> "the name it is for stands for another key there. Have it made with another name, or with "
                    + "--replace";
            case "fault" -> "it cannot write it down, and its log says why. Then run the same command again";
            default -> "it says '" + reason + "'";
        };
    }
}
