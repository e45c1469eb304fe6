package dev.ninetunnel.serve.upstream;

import dev.ninetunnel.fs.FsException;
import io.netty.buffer.ByteBuf;

/** Who waits for what an upstream server makes of a request. One of these is called, once, on the event loop. */
public interface UpstreamRequest {
    /** The server has answered, with an error perhaps. The reply, whose shape has been checked, belongs to the callee. */
    void answered(ByteBuf reply);

    /** There is no answer of the server: it was not asked, or is lost. */
    void failed(FsException why);

    /** A Tflush has cancelled it. */
    void cancelled();
}
