package dev.ninetunnel.mux;

import dev.ninetunnel.cache.Holder;
import dev.ninetunnel.cache.port.HolderStatus;
import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.link.BoundedLog;
import dev.ninetunnel.link.FrameSink;
import dev.ninetunnel.meter.Latency;
import dev.ninetunnel.meter.SentRequests;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The client role toward one peer: many local clients share one conversation, each as if it had a 9P server to
 * itself. It looks at headers and at the places of fids, and at nothing else of a message.
 *
 * <p>As a {@link FrameSink} it takes the replies of the far side. Everything here, and the channels of the local
 * clients, runs on the one loop that it is made with, and is to be called there.
 *
 * <p>Between {@link #open} and {@link #lost} there is a conversation. Else local clients may connect, and their
 * Tversion waits for one. Between {@link #away} and {@link #back} no answer comes, but the conversation goes on: clients
 * that have begun only notice that answers take longer.
 */
public final class ClientRole implements FrameSink {
    private static final Logger LOG = LoggerFactory.getLogger(ClientRole.class);

    /** For what local clients and the far side can bring about in any number. */
    private final BoundedLog log = new BoundedLog(LOG);
    private final String peerName;
    private final EventExecutor loop;
    private final ClientLimits limits;
    private final Holders holders;
    private final SentRequests sentRequests;
    private final Latency latency = new Latency();

    private final Set<LocalClient> clients = new LinkedHashSet<>();
    private final Set<LocalClient> paused = new LinkedHashSet<>();
    private final List<ClientOutput> written = new ArrayList<>();
    private LinkConversation linkConversation;
    private boolean away;
    /** What caches of conversations that are over have done. */
    private CacheTotals past = CacheTotals.NONE;
    private long unexpected;
    private boolean full;

    private boolean resting;
    private boolean restAgain;
    /** Of {@link #shutdown}; null before. */
    private Promise<Void> stopped;

    /** With the peer's name for messages, and the loop of the session. No conversation is open yet, and nothing is ever kept. */
    public ClientRole(String peerName, EventExecutor loop, ClientLimits limits) {
        this(peerName, loop, limits, far -> Optional.empty());
    }

    /**
     * The same, where what the far side grants leases on may be kept.
     *
     * @param holders makes the holder of a conversation's leases
     */
    public ClientRole(String peerName, EventExecutor loop, ClientLimits limits, Holders holders) {
        this(peerName, loop, limits, holders, new SentRequests(loop.ticker()));
    }

    /** The same, and counts its requests there. */
    public ClientRole(String peerName, EventExecutor loop, ClientLimits limits, Holders holders,
            SentRequests sentRequests) {
        this.peerName = peerName;
        this.loop = loop;
        this.limits = limits;
        this.holders = holders;
        this.sentRequests = sentRequests;
    }

    /** Makes the holder of leases for a conversation. */
    @FunctionalInterface
    public interface Holders {
        /** Empty if the far side grants none, or nothing is to be kept. */
        Optional<Holder> of(RemoteParameters far);
    }

    /**
     * The conversation is open: somebody has exchanged Tversion and Rversion with the far side.
     *
     * @param toFarSide takes the requests, in order; called on the loop
     */
    public void open(RemoteParameters far, FrameSink toFarSide) {
        if (linkConversation != null) {
            throw new IllegalStateException("the conversation with " + peerName + " is open already");
        }
        away = false;
        linkConversation = new LinkConversation(far, toFarSide, limits, loop.ticker(), holders.of(far).orElse(null),
                sentRequests, latency);
        List.copyOf(clients).forEach(LocalClient::negotiate);
        rest();
    }

    /**
     * The conversation is lost for good: every pending request is answered with an error at once, and the local
     * connections are closed (rule M14); but clients that have asked for nothing but a version and an attach, or less, wait for
     * another conversation, and go on with that. Without a conversation, does nothing.
     *
     * @param reason for the clients that show words, such as "the link was cut"
     */
    public void lost(String reason) {
        if (linkConversation == null) {
            return;
        }
        past = cacheTotals();
        if (linkConversation.holder() != null && linkConversation.holder().isBehind()) {
            log.warn("what programs have written to " + peerName + " last may be lost: " + reason
                    + "; they hear of it when they sync or close their files, if they do");
        }
        linkConversation = null;
        away = false;
        String words = "the conversation with " + peerName + " is lost: " + reason;
        List.copyOf(clients).forEach(client -> client.conversationLost(words));
        rest();
    }

    /** The far side cannot be reached, but may be again: local clients wait, and new ones are not greeted. */
    public void away() {
        away = true;
    }

    /** It can be reached again. */
    public void back() {
        if (linkConversation != null) {
            linkConversation.flushes().restart();
        }
        if (away) {
            away = false;
            List.copyOf(clients).forEach(LocalClient::negotiate);
            rest();
        }
    }

    /** Asks the far side for a sign of life, if there is a conversation; {@code answered} runs when it has come. */
    public void ping(Runnable answered) {
        if (linkConversation != null) {
            linkConversation.probe(answered);
        }
    }

    /** How many leases can be out at a time, for each of which there is a tag to recall it with. */
    public static final int MOST_LEASES = TagTable.RECALLS;

    /**
     * Asks the far side to give up leases that it was granted by this endpoint's other role, at most {@link #MOST_LEASES} at a
     * time. It leaves before every reply that is sent after it.
     *
     * @param lost a sum of {@link dev.ninetunnel.wire.LeaseKinds}
     * @param givenUp runs when the far side has said so; never if the conversation is lost before
     */
    public void recall(long lease, int lost, Runnable givenUp) {
        if (linkConversation != null) {
            linkConversation.recall(lease, lost, givenUp);
            linkConversation.endOfBatch();
        }
    }

    /**
     * The same for all that several leases cover.
     *
     * @param givenUp runs when the last is given up
     * @param refused runs if the far side does not take the question
     */
    public void recallAll(long[] leases, Runnable givenUp, Runnable refused) {
        if (linkConversation != null) {
            linkConversation.recallAll(leases, givenUp, refused);
            linkConversation.endOfBatch();
        }
    }

    /**
     * The far side asks for leases back that it has granted; what they cover is not to be answered without asking any more.
     *
     * @param lost a sum of {@link dev.ninetunnel.wire.LeaseKinds}
     * @param givenUp to be run when they are given up
     */
    public void recalled(long lease, int lost, Runnable givenUp) {
        Holder holder = linkConversation == null ? null : linkConversation.holder();
        if (holder == null) {
            givenUp.run();
        } else {
            holder.broken(lease, lost, givenUp);
            rest();
        }
    }

    /** For how long the far side has answered no Tflush that it was sent; zero if it has answered all, or is away. */
    public Duration unansweredFlush() {
        return linkConversation == null || away ? Duration.ZERO : linkConversation.flushes().unanswered();
    }

    private void fail(String words) {
        List.copyOf(clients).forEach(client -> client.fail(Errno.ENOTCONN, words));
        rest();
    }

    /**
     * Handles one local connection. To be put into its channel's pipeline behind a new
     * {@link dev.ninetunnel.wire.FrameDecoder}; the channel is on the loop of this role.
     */
    public ChannelHandler newLocalClient() {
        return new LocalClient(this);
    }

    /**
     * The endpoint stops. Clients that come are turned away; those that are there are not read any more, get the
     * replies to what they have sent, and are closed.
     *
     * @param grace for the far side to answer; after it, what is left is answered with an error
     * @return done when the last client has gone, and nothing of them is left at the far side
     */
    public Future<Void> shutdown(Duration grace) {
        if (stopped == null) {
            stopped = loop.newPromise();
            Future<?> limit = loop.schedule(() -> abandon(), grace.toMillis(), TimeUnit.MILLISECONDS);
            stopped.addListener(done -> limit.cancel(false));
            if (linkConversation == null || away) {
                abandon();
            } else {
                rest();
            }
        }
        return stopped;
    }

    private void abandon() {
        linkConversation = null;
        fail("this endpoint stops");
    }

    // ---- from the far side

    /**
     * Takes a reply.
     *
     * @throws dev.ninetunnel.wire.MalformedMessageException if a field runs past its end: the link is to be closed
     *         (rule L2). The frame has been released even then
     */
    @Override
    public void accept(ByteBuf frame) {
        boolean expected;
        if (linkConversation == null) {
            frame.release();
            expected = false;
        } else {
            expected = linkConversation.accept(frame);
        }
        unexpected += expected ? 0 : 1;
    }

    @Override
    public void endOfBatch() {
        rest();
    }

    // ---- what the loop rests on

    /**
     * To be called when the loop has done what it was called for: sends what may be sent now, to the far side and to
     * the clients, each in one flush.
     */
    void rest() {
        if (resting) {
            restAgain = true;
            return;
        }
        resting = true;
        try {
            do {
                restAgain = false;
                if (linkConversation != null && linkConversation.pump()) {
                    loop.execute(this::rest);
                }
                flush();
                if (linkConversation != null) {
                    linkConversation.endOfBatch();
                }
                if (stopped == null) {
                    resume();
                } else {
                    stop();
                }
            } while (restAgain);
        } finally {
            resting = false;
            sentRequests.turnEnds();
        }
    }

    /** What flushing brings about may write to further clients. */
    @SuppressWarnings("ForLoopReplaceableByForEach")
    private void flush() {
        for (int i = 0; i < written.size(); i++) {
            written.get(i).flush();
        }
        written.clear();
    }

    private void resume() {
        if (!paused.isEmpty()) {
            paused.removeIf(LocalClient::resume);
        }
    }

    private void stop() {
        List.copyOf(clients).forEach(LocalClient::drain);
        if (clients.isEmpty() && (linkConversation == null || linkConversation.isIdle())) {
            stopped.trySuccess(null);
        }
    }

    // ---- for the local clients

    String peerName() {
        return peerName;
    }

    BoundedLog log() {
        return log;
    }

    EventExecutor loop() {
        return loop;
    }

    ClientLimits limits() {
        return limits;
    }

    /** Null while none is open, or the far side cannot be reached: for clients that come. */
    LinkConversation conversation() {
        return away ? null : linkConversation;
    }

    void joined(LocalClient client) {
        if (stopped != null) {
            client.cut();
        } else if (clients.size() >= limits.clients() && !clients.contains(client)) {
            if (!full) {
                full = true;
                log.warn(limits.clients() + " local clients of " + peerName
                        + " are the most: further ones are turned away until some have gone");
            }
            client.cut();
        } else {
            clients.add(client);
        }
    }

    void departed(LocalClient client) {
        paused.remove(client);
        if (clients.remove(client)) {
            full = false;
        }
    }

    void wrote(ClientOutput client) {
        written.add(client);
    }

    void paused(LocalClient client) {
        paused.add(client);
    }

    // ---- status

    /** What is kept of the far side's files; empty if nothing is. */
    public Optional<HolderStatus> cache() {
        return Optional.ofNullable(linkConversation).map(LinkConversation::holder).map(Holder::status);
    }

    /** What the cache of the far side's files has done, since the start. */
    public CacheTotals cacheTotals() {
        return cache().map(past::plus).orElse(past);
    }

    /** How long the far side takes to answer requests of local clients, since the start. */
    public Latency latency() {
        return latency;
    }

    /** Whether something is kept of the far side's files. */
    public boolean hasCache() {
        return linkConversation != null && linkConversation.holder() != null;
    }

    /** From now on no more than so many bytes are kept of the far side's files, if any are. */
    public void boundCache(long bytes) {
        if (hasCache()) {
            linkConversation.holder().bound(bytes);
        }
    }

    /** The local connections there are. */
    public int localClients() {
        return clients.size();
    }

    /** The fids that are in use at the far side, or are about to be made or clunked there. */
    public int fids() {
        return linkConversation == null ? 0 : linkConversation.fids().inUse();
    }

    /** The tags of requests that the far side has not answered. */
    public int tags() {
        return linkConversation == null ? 0 : linkConversation.tags().inUse();
    }

    /** The frames from the far side that were no reply to anything, and were dropped (rule L3), since the start. */
    public long unexpectedReplies() {
        return unexpected;
    }
}
