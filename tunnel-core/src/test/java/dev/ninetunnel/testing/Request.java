package dev.ninetunnel.testing;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Tmessage;

/** A request that a {@link RawNine} received and now answers, sooner, later or not at all. */
public record Request<T extends Tmessage>(RawNine from, int tag, T message) {
    /** Sends this as the reply. */
    public void answer(Rmessage reply) {
        from.send(reply, tag);
    }

    /** Sends this error as the reply, the way 9P2000.L does. */
    public void refuse(Errno error) {
        answer(new Rlerror(error.number()));
    }
}
