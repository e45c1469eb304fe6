package dev.ninetunnel.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Tmessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;

/** A frame that a test received: plain bytes on the heap, which nobody has to release. */
public record Received(ByteBuf frame) {
    /** A copy of these bytes, one whole frame. */
    public static Received of(byte[] bytes) {
        return new Received(Unpooled.copiedBuffer(bytes));
    }

    public int typeNumber() {
        return Frame.type(frame);
    }

    /** The type, or null if its number is none. */
    public MessageType type() {
        return MessageType.of(frame);
    }

    public int tag() {
        return Frame.tag(frame);
    }

    public byte[] bytes() {
        return ByteBufUtil.getBytes(frame);
    }

    /** The message as a record, which must be of this class. */
    public <M> M as(Class<M> message) {
        Object read = Frame.isRequest(frame) ? Tmessage.read(frame) : Rmessage.read(frame);
        assertThat(read).as("tag %d", tag()).isInstanceOf(message);
        return message.cast(read);
    }

    @Override
    public String toString() {
        return type() == null ? "type " + typeNumber() + " tag " + tag() : "tag " + tag() + " " + as(Object.class);
    }
}
