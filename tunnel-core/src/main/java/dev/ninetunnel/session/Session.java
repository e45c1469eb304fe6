package dev.ninetunnel.session;

import dev.ninetunnel.audit.Event;
import dev.ninetunnel.identity.PeerId;
import dev.ninetunnel.link.FrameSink;
import dev.ninetunnel.link.Heartbeat;
import dev.ninetunnel.link.Link;
import dev.ninetunnel.link.LinkEnd;
import dev.ninetunnel.mux.ClientRole;
import dev.ninetunnel.mux.RemoteParameters;
import dev.ninetunnel.serve.ServerRole;
import dev.ninetunnel.wire.message.Rversion;
import dev.ninetunnel.wire.message.Tversion;
import dev.ninetunnel.wire.Wrapped;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two conversations with one peer, opposite to each other: the far side's requests go to the server role, its replies to
 * the client role. They outlive the links that carry them: what is sent while there is no link is kept, and goes out on the
 * next one, behind what the far side turns out to lack. A session with a far side that cannot do that ends with its link.
 *
 * <p>Every frame that the two roles send or receive is entered in the {@link Ledger} of the {@link Outbound}; the Tversion and
 * Rversion that begin a link are not ({@link DialledLink}, {@link AcceptedLink}).
 *
 * <p>Made and used on the session's event loop.
 */
public final class Session implements Carried {
    private static final Logger LOG = LoggerFactory.getLogger(Session.class);

    private final Sessions owner;
    private final PeerId peer;
    /** Null if the session ends with its link. */
    private final SessionId id;
    private final ServerBinding server;
    private final ClientRole client;
    private final ClientBinding asking;
    private final Outbound outbound;
    /** The last link that either side has claimed it for. */
    private long links;
    /** The term of leases; zero for none. */
    private Duration lease = Duration.ZERO;
    private ScheduledFuture<?> expiry;
    /** The far side is known to have begun it too. */
    private boolean inForce;
    private boolean ended;

    Session(Sessions owner, PeerId peer, SessionId id, boolean ours) {
        this.owner = owner;
        this.peer = peer;
        this.id = id;
        this.client = owner.client();
        this.outbound = new Outbound(owner.loop(), id != null);
        this.asking = new ClientBinding(client, outbound, this::answered);
        ServerRole.Peer far = new ServerRole.Peer(owner.peerName(), ours, peer.hex(), brief());
        this.server = new ServerBinding(outbound, owner.server(far));
    }

    /** Enough of its number to tell it from others. */
    private String brief() {
        return id == null ? "" : id.brief();
    }

    @Override
    public Optional<Link> link() {
        return outbound.link();
    }

    @Override
    public ServerRole server() {
        return server.role();
    }

    /** The peer's name here. */
    public String peerName() {
        return owner.peerName();
    }

    /** Whose key it is with. */
    public PeerId peer() {
        return peer;
    }

    /** What has gone over it until now. */
    public SessionStats totals() {
        return outbound.totals();
    }

    /** Whether it goes on when its link is lost. */
    public boolean isLasting() {
        return id != null;
    }

    /** How many bytes wait to be sent to the far side, or are kept for it in case the link is lost. */
    public long keptBytes() {
        return outbound.bytes();
    }

    // ---- what the beginning of a link needs to know

    /** Whether it is the session that a peer names, which has proven its key. */
    boolean isNamedBy(PeerId proven, SessionId named) {
        return named.equals(id) && proven.equals(peer);
    }

    /** Whether it can go over to a link that this endpoint dials to a peer of this key. */
    boolean mayMoveTo(PeerId proven) {
        return id != null && outbound.link().isEmpty() && !ended && proven.equals(peer);
    }

    /** Whether it has a link to a peer of this key. */
    boolean isLinkedWith(PeerId proven) {
        return outbound.link().isPresent() && proven.equals(peer);
    }

    /** Whether a link of this number is later than all before it. */
    boolean isLater(long number) {
        return number > links;
    }

    /** Why the far side cannot have received this number of messages; nothing if it can. */
    Optional<String> fault(long theirs) {
        return outbound.ledger().fault(theirs);
    }

    /** The claim for the link of this number, or of the next one. */
    ResumeToken claim(long number) {
        links = number;
        return new ResumeToken(id, number, outbound.ledger().received());
    }

    ResumeToken nextClaim() {
        return claim(links + 1);
    }

    /** Begins the conversation in which the far side asks: the answer to its Tversion, which the caller sends. */
    Rversion begin(Tversion asked) {
        Rversion answer = server().begin(asked);
        outbound.frameLimit(server().msize());
        return answer;
    }

    /** How large the far side's requests may be, in bytes. */
    int requestLimit() {
        return server().msize();
    }

    /** Both sides have said for how long leases are good, when it began; zero for none. */
    void leases(Duration term) {
        lease = term;
        if (term.isPositive()) {
            outbound.wrapping(Wrapped.GRANTED);
            server().takeRecalls(client::recalled);
        }
    }

    // ---- links

    /**
     * Goes over to a link, on which nothing but the opening exchange has happened. The link before is given up, if it is
     * still there.
     *
     * @param theirs how many messages the far side has received on the links before
     */
    void attach(Link next, long theirs) {
        if (outbound.link().isPresent()) {
            outbound.leave().abandon("a newer link has taken its place");
        }
        stopExpiry();
        next.carries(brief());
        server().trail().note(new Event.Session(outbound.isNew() ? "begun" : "resumed", next.where(), ""));
        if (!outbound.isNew()) {
            owner.resumed();
        }
        outbound.moveTo(next, theirs,
                new Heartbeat(next, owner.limits().liveness(), client::ping, this::unansweredFlush));
        next.onWritable(this::room);
        next.closed().thenAccept(end -> lost(next, end));
        next.route(new Inbound(server), new Inbound(asking));
        room();
        if (inForce) {
            client.back();
        }
    }

    /**
     * This host's network has changed: a link that does not answer soon is given up. One that the session would end with is left to
     * its heartbeat, for it may come back.
     */
    public void networkChanged() {
        if (isLasting() && inForce && asking.isOpen()) {
            outbound.networkChanged();
        }
    }

    /** For how long the far side has answered no Tflush that it was sent over this session; zero if none is open. */
    public Duration unansweredFlush() {
        return inForce ? client.unansweredFlush() : Duration.ZERO;
    }

    /** For how long nothing has come over the link, where an answer is overdue; empty where none is, or there is no link. */
    public Optional<Duration> overdue() {
        return outbound.overdue();
    }

    /** The far side has begun it as well: from here on it is the one with this peer. */
    void enterIntoForce() {
        if (!inForce) {
            inForce = true;
            owner.begin(this);
        }
    }

    /** Takes requests that came before the link's opening was over, and that belong to the session from here on. */
    void takeEarly(Queue<ByteBuf> frames) {
        Inbound requests = new Inbound(server);
        for (ByteBuf frame = frames.poll(); frame != null; frame = frames.poll()) {
            requests.accept(frame);
        }
        requests.endOfBatch();
    }

    private void lost(Link gone, LinkEnd end) {
        if (!outbound.leadsTo(gone)) {
            return;
        }
        leave();
        if (id == null || end.kind() != LinkEnd.Kind.LOST) {
            end(end.reason());
            return;
        }
        LOG.info("the session with {} waits for another link, for {} s at most: {}", owner.peerName(),
                owner.limits().life().toSeconds(), end.reason());
        if (inForce) {
            client.away();
        }
        server.tellUnsent();
        expiry = owner.loop().schedule(() -> end("no link came within the time that a session is remembered"),
                owner.limits().life().toMillis(), TimeUnit.MILLISECONDS);
    }

    private Link leave() {
        if (inForce) {
            owner.unlinked();
        }
        return outbound.leave();
    }

    /** How long it waits for another link still; empty while it has one. */
    public Optional<Duration> left() {
        return Optional.ofNullable(expiry)
                .map(end -> Duration.ofNanos(Math.max(0, end.getDelay(TimeUnit.NANOSECONDS))));
    }

    private void stopExpiry() {
        if (expiry != null) {
            expiry.cancel(false);
            expiry = null;
        }
    }

    /**
     * It is over for good: requests that wait get errors, local clients are disconnected, the far side's fids are closed.
     *
     * @param reason for people, as the end of a sentence
     */
    void end(String reason) {
        end(reason, open -> open.abandon(reason));
    }

    /** The same, with a goodbye, so that the far side does not wait for another link either. */
    void dismiss(String reason) {
        end(reason, open -> {
            open.route(ByteBuf::release, ByteBuf::release);
            open.close(reason);
        });
    }

    private void end(String reason, Consumer<Link> closing) {
        if (ended) {
            return;
        }
        ended = true;
        server().trail().note(new Event.Session("ended", "", reason));
        stopExpiry();
        if (outbound.link().isPresent()) {
            closing.accept(leave());
        }
        asking.lost(reason);
        server().close();
        outbound.close();
        owner.ended(this);
    }

    boolean isEnded() {
        return ended;
    }

    // ---- the conversation in which this endpoint asks

    /** Asks the far side to begin it; the answer comes among the replies. */
    void ask(int msize) {
        asking.ask(msize);
        new Deadline(outbound.link().orElseThrow(), owner.limits().opening(), () -> asking.isOpen() || ended,
                "it has not answered Tversion: does it speak 9P?");
    }

    /** It has begun. */
    void agreed(RemoteParameters agreed) {
        outbound.frameLimit(agreed.msize());
        asking.open(agreed.withLease(lease));
        if (lease.isPositive()) {
            server().grant(lease, new FarRecalls(client));
        }
        LOG.debug("{} answers, with 9P messages of up to {} bytes", owner.peerName(), agreed.msize());
    }

    private void answered(VersionExchange.Outcome outcome) {
        switch (outcome) {
            case VersionExchange.Outcome.Agreed(RemoteParameters agreed, String version) -> agreed(agreed);
            case VersionExchange.Outcome.AskAgain() -> throw new IllegalStateException("an endpoint is asked once");
            case VersionExchange.Outcome.Refused(String reason) ->
                outbound.link().ifPresent(link -> link.incompatible(reason));
        }
    }

    // ---- frames

    /** The link takes more. */
    private void room() {
        outbound.pump();
        server.tellUnsent();
    }

    /** Where the splitter sends what has come for one of the two roles. */
    private final class Inbound implements FrameSink {
        private final FrameSink role;

        private Inbound(FrameSink role) {
            this.role = role;
        }

        @Override
        public void accept(ByteBuf frame) {
            enterIntoForce();
            outbound.ledger().receiving(frame);
            role.accept(frame);
        }

        @Override
        public void endOfBatch() {
            role.endOfBatch();
            if (role == asking && id != null && outbound.ledger().unshownBytes() >= owner.limits().showAfter()) {
                asking.ping();
            }
        }
    }
}
