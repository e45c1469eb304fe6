package dev.ninetunnel.wire;

import io.netty.handler.codec.DecoderException;

/**
 * A frame that is not 9P: its size is out of range, or a field runs past its end, or bytes are left over behind the
 * last field. The catcher closes the connection that the frame came on, and that one alone (rule L2).
 */
public final class MalformedMessageException extends DecoderException {
    private static final long serialVersionUID = 1L;

    /** With a message for the log that names the frame and the field. */
    public MalformedMessageException(String message) {
        super(message);
    }
}
