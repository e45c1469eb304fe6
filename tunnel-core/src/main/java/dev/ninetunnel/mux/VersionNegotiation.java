package dev.ninetunnel.mux;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tversion;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/**
 * A local client's Tversion, from its arrival to its answer (version(5), rule M8). The answer waits for a conversation
 * to be open, and for the client's requests and fids of before to be cleaned up. What the client sends behind it waits
 * as well. A second Tversion takes the place of a first that waits, as it does that of any other request.
 *
 * <p>A client whose conversation is lost before it had anything of it waits for the next one in the same way: what it was
 * answered holds there as well, and its attach is sent again. Belongs to the loop of the client role.
 */
final class VersionNegotiation {
    private final ClientRole role;
    private final LocalClient client;
    private final ClientOutput out;

    private Tversion asked;
    private int tag;
    /** What a client was answered that waits for another conversation; null for others. */
    private Agreed agreed;
    /** What the client had before is being cleaned up. */
    private boolean leaving;
    private Future<?> patience;
    private final ArrayDeque<ByteBuf> held = new ArrayDeque<>();
    private int heldBytes;

    private record Agreed(Dialect dialect, int msize, Duration lease) {
        boolean holdsWith(LinkConversation linkConversation) {
            RemoteParameters far = linkConversation.far();
            return far.speaks(dialect) && far.msize() >= msize
                    && (lease.isZero() || lease.equals(linkConversation.lendable()));
        }
    }

    VersionNegotiation(ClientRole role, LocalClient client, ClientOutput out) {
        this.role = role;
        this.client = client;
        this.out = out;
    }

    boolean isPending() {
        return asked != null || agreed != null;
    }

    /** Whether this Tflush, whose shape is right, is meant for the Tversion that waits. */
    boolean isFlushedBy(ByteBuf tflush) {
        return asked != null && Frame.int16(tflush, Frame.HEADER) == tag;
    }

    int heldBytes() {
        return heldBytes;
    }

    /** Takes a Tversion, whose shape is right. */
    void asked(ByteBuf frame) {
        drop();
        asked = (Tversion) Tmessage.readChecked(frame);
        tag = Frame.tag(frame);
        frame.release();
        if (client.hasShare()) {
            leaving = true;
            client.leaveShare(() -> {
                leaving = false;
                negotiate();
            });
        } else {
            negotiate();
        }
    }

    /** Takes what comes behind a Tversion that waits. */
    void hold(ByteBuf frame) {
        held.add(frame);
        heldBytes += frame.readableBytes() + Request.OVERHEAD;
    }

    /** The conversation is lost, and with it what the client had there, if that was being cleaned up. */
    void conversationLost() {
        leaving = false;
        negotiate();
    }

    /** Waits for another conversation, to go on there with what this share has not got yet. */
    void move(ClientConversation clientConversation) {
        agreed = new Agreed(clientConversation.dialect(), clientConversation.msize(),
                clientConversation.lease());
        clientConversation.handBack().forEach(this::hold);
        negotiate();
    }

    /** Answers the Tversion that waits, or lets the client go on, if nothing stands in the way. */
    void negotiate() {
        if (!isPending() || leaving || out.isClosed()) {
            return;
        }
        LinkConversation linkConversation = role.conversation();
        if (linkConversation == null) {
            waitForOne();
        } else if (asked != null) {
            answer(linkConversation);
        } else {
            join(linkConversation);
        }
    }

    private void waitForOne() {
        if (patience == null) {
            long wait = role.limits().linkWait().toMillis();
            patience = role.loop().schedule(this::tired, wait, TimeUnit.MILLISECONDS);
        }
    }

    private void join(LinkConversation linkConversation) {
        Agreed before = agreed;
        if (!before.holdsWith(linkConversation)) {
            client.fail(Errno.ENOTCONN, role.peerName() + " has come back otherwise: it speaks another 9P now");
            return;
        }
        agreed = null;
        stopWaiting();
        client.join(linkConversation, before.dialect(), before.msize(), before.lease());
        replay();
    }

    private void answer(LinkConversation linkConversation) {
        VersionReply versionReply = VersionReply.of(asked, linkConversation.far(), linkConversation.lendable());
        ByteBuf answer = out.alloc().buffer();
        versionReply.reply().write(answer, tag);
        out.write(answer);
        asked = null;
        stopWaiting();
        versionReply.dialect().ifPresentOrElse(dialect -> client.join(linkConversation, dialect, versionReply.msize(),
                versionReply.lease()), client::joinNothing);
        replay();
    }

    private void replay() {
        ByteBuf[] frames = held.toArray(ByteBuf[]::new);
        held.clear();
        heldBytes = 0;
        for (ByteBuf frame : frames) {
            if (out.isClosed()) {
                frame.release();
            } else {
                client.take(frame);
            }
        }
    }

    private void tired() {
        patience = null;
        client.fail(Errno.ENOTCONN, role.peerName() + " is not linked");
        role.rest();
    }

    /** Answers the Tversion that waits, or the attach that was to be sent again, with an error. */
    void fail(Errno errno, String words) {
        if (agreed != null) {
            held.forEach(frame -> fail(frame, errno, words));
        }
        if (asked != null) {
            boolean linux = asked.version().utf8().startsWith(Dialect.LINUX.version());
            out.error(linux ? Dialect.LINUX : Dialect.PLAIN, tag, errno, words);
        }
        drop();
    }

    private void fail(ByteBuf frame, Errno errno, String words) {
        if (Frame.type(frame) == MessageType.TFLUSH.number()) {
            out.rflush(Frame.tag(frame));
        } else {
            out.error(agreed.dialect(), Frame.tag(frame), errno, words);
        }
    }

    /** The client has flushed it: what came behind it has to do without. */
    void cancel() {
        asked = null;
        stopWaiting();
        replay();
    }

    /** Forgets the Tversion that waits, and what came behind it. */
    void drop() {
        asked = null;
        agreed = null;
        stopWaiting();
        held.forEach(ByteBuf::release);
        held.clear();
        heldBytes = 0;
    }

    private void stopWaiting() {
        if (patience != null) {
            patience.cancel(false);
            patience = null;
        }
    }
}
