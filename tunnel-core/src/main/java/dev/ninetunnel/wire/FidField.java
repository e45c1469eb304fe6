package dev.ninetunnel.wire;

import io.netty.buffer.ByteBuf;

/**
 * A place in a message where a fid stands.
 *
 * @param use what the message does with it
 * @param offset from the start of the frame, in bytes; {@link #BEHIND_STRING} for the second fid of Trenameat and Trenameat2
 */
public record FidField(FidUse use, int offset) {
    /** The one place that moves: behind the string that stands at offset 11 (newdirfid of Trenameat and Trenameat2). */
    static final int BEHIND_STRING = -1;

    private static final int FIRST_STRING = Frame.HEADER + 4;

    /** The offset in this frame, whose shape has been checked. */
    public int in(ByteBuf frame) {
        return offset == BEHIND_STRING ? FIRST_STRING + 2 + Frame.int16(frame, FIRST_STRING) : offset;
    }
}
