package dev.ninetunnel.link;

import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerId;
import dev.ninetunnel.tls.TlsInfo;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Two links that are the ends of one connection, in one thread, without TLS: what one sends waits here until the test
 * delivers it to the other, message by message, or loses it.
 */
public final class Wire {
    private static final int FIRST_FRAME = 8192;

    /** Which way a message goes. */
    public enum Way {
        FROM_DIALLER, TO_DIALLER
    }

    private final EmbeddedChannel near = channel();
    private final EmbeddedChannel far = channel();
    private final Link dialled;
    private final Link accepted;

    /** A new connection, with who dials and who accepts. */
    public Wire(PeerId dialler, String diallersName, PeerId acceptor, String acceptorsName) {
        dialled = link(near, acceptor, acceptorsName);
        accepted = link(far, dialler, diallersName);
    }

    private static EmbeddedChannel channel() {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.freezeTime();
        channel.config().setWriteBufferWaterMark(SendBufferTuner.waterMark(LinkLimits.DEFAULT.leastDepth()));
        return channel;
    }

    private static Link link(EmbeddedChannel channel, PeerId peer, String name) {
        return new Link(channel, "there", new Peer(peer, name), true, new TlsInfo("TLSv1.3", "none", "none"),
                FIRST_FRAME, "").start();
    }

    /** The end of who has dialled. */
    public Link dialled() {
        return dialled;
    }

    /** The other end. */
    public Link accepted() {
        return accepted;
    }

    /** Lets everything be done that the ends have put off. */
    public void settle() {
        near.runPendingTasks();
        far.runPendingTasks();
    }

    /** Whether a message is under way to an end that is still there. */
    public boolean carries(Way way) {
        return to(way).isOpen() && !from(way).outboundMessages().isEmpty();
    }

    /** Delivers the first message that is under way. */
    public void deliver(Way way) {
        ByteBuf message = from(way).readOutbound();
        to(way).writeInbound(message);
        settle();
    }

    /** The end that sends this way hears that the connection is lost; what it has sent may still arrive. */
    public void loseEnd(Way way) {
        from(way).close();
        settle();
    }

    /** The end that sends this way hears that the other has said goodbye. */
    public void dismissEnd(Way way) {
        (way == Way.FROM_DIALLER ? dialled : accepted).peerSaidGoodbye();
        settle();
    }

    /** Lets so much time pass for both ends. Returns how long it is until something happens by itself; -1 if nothing will. */
    public long pass(long nanos) {
        long next = -1;
        for (EmbeddedChannel end : List.of(near, far)) {
            end.advanceTimeBy(nanos, TimeUnit.NANOSECONDS);
            long left = end.runScheduledPendingTasks();
            next = left < 0 || (next >= 0 && next < left) ? next : left;
        }
        settle();
        return next;
    }

    /** Nothing that is under way arrives any more, and both ends hear of it. */
    public void cut() {
        near.releaseOutbound();
        far.releaseOutbound();
        near.close();
        far.close();
        settle();
    }

    /** Whether this end is still there. */
    public boolean isOpen(Way sendingWay) {
        return from(sendingWay).isOpen();
    }

    private EmbeddedChannel from(Way way) {
        return way == Way.FROM_DIALLER ? near : far;
    }

    private EmbeddedChannel to(Way way) {
        return way == Way.FROM_DIALLER ? far : near;
    }
}
