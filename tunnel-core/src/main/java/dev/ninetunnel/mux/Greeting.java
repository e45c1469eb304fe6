package dev.ninetunnel.mux;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tversion;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.Future;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/**
 * A local client's Tversion, from its arrival to its answer (version(5), rule M8). The answer waits for a conversation
 * to be open, and for the client's requests and fids of before to be cleaned up. What the client sends behind it waits
 * as well. A second Tversion takes the place of a first that waits, as it does that of any other request. Belongs to
 * the loop of the client role.
 */
final class Greeting {
    private final ClientRole role;
    private final LocalClient client;
    private final ToClient out;

    private Tversion asked;
    private int tag;
    /** What the client had before is being cleaned up. */
    private boolean leaving;
    private Future<?> patience;
    private final ArrayDeque<ByteBuf> held = new ArrayDeque<>();
    private int heldBytes;

    Greeting(ClientRole role, LocalClient client, ToClient out) {
        this.role = role;
        this.client = client;
        this.out = out;
    }

    boolean isPending() {
        return asked != null;
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
        asked = (Tversion) Tmessage.read(frame);
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

    /** Answers the Tversion that waits, if there is one and nothing stands in its way. */
    void negotiate() {
        if (asked == null || leaving || out.isClosed()) {
            return;
        }
        Conversation conversation = role.conversation();
        if (conversation == null) {
            stopWaiting();
            long wait = role.limits().linkWait().toMillis();
            patience = role.loop().schedule(this::tired, wait, TimeUnit.MILLISECONDS);
            return;
        }
        Agreement agreement = Agreement.of(asked, conversation.far());
        ByteBuf answer = out.alloc().buffer();
        agreement.reply().write(answer, tag);
        out.write(answer);
        asked = null;
        stopWaiting();
        agreement.dialect().ifPresentOrElse(dialect -> client.join(conversation, dialect, agreement.msize()),
                client::joinNothing);
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

    /** Answers the Tversion that waits, if there is one, with an error. */
    void fail(Errno errno, String words) {
        if (asked != null) {
            boolean linux = asked.version().utf8().startsWith(Dialect.LINUX.version());
            out.error(linux ? Dialect.LINUX : Dialect.PLAIN, tag, errno, words);
        }
        drop();
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
