package dev.ninetunnel.link;

import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MessageType;
import io.netty.buffer.ByteBuf;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The trace of all frames. */
final class FrameLog {
    private static final Logger LOG = LoggerFactory.getLogger("dev.ninetunnel.frames");

    private FrameLog() {}

    static void sent(String peer, ByteBuf frame) {
        if (LOG.isTraceEnabled()) {
            LOG.trace("{} > {}", peer, line(frame));
        }
    }

    static void received(String peer, ByteBuf frame) {
        if (LOG.isTraceEnabled()) {
            LOG.trace("{} < {}", peer, line(frame));
        }
    }

    static String line(ByteBuf frame) {
        MessageType type = MessageType.of(frame);
        return (type == null ? "type " + Frame.type(frame) : type.toString()) + " tag " + Frame.tag(frame);
    }
}
