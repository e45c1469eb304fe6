package dev.ninetunnel.cache;

import dev.ninetunnel.cache.port.Pending;
import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.MessageType;
import java.util.List;

/** A request that goes to the far side as soon as that has its fids for sure. */
class Passing {
    final CachedClient server;
    final Pending request;
    final List<LocalFid> named;
    private boolean dropped;

    Passing(CachedClient server, Pending request) {
        this.server = server;
        this.request = request;
        this.named = server.there(request);
    }

    /** Sends it, or has it wait for what must be settled first. */
    void begin() {
        if (request.type() == MessageType.TLOCK) {
            named.forEach(fid -> fid.locks = true);
        }
        named.forEach(server.farFids::make);
        settle();
        if (isReady()) {
            go();
            return;
        }
        server.hold(named);
        request.park(this::drop);
        server.holder.await(() -> dropped || isReady(), () -> {
            if (!dropped) {
                server.letGo(named);
                go();
                server.goOn();
            }
        });
    }

    private void drop() {
        dropped = true;
        server.letGo(named);
        over();
        server.goOn();
    }

    /** Begins what must be done first. */
    void settle() {}

    /** Whether all that is done. */
    boolean isReady() {
        for (LocalFid fid : named) {
            if (fid.far.isBeingMade()) {
                return false;
            }
        }
        return true;
    }

    private void go() {
        Errno fault = fault();
        if (fault != null) {
            over();
            stale();
            request.answer(server.replies.error(fault));
        } else {
            server.replaceFids(request);
            send();
        }
    }

    private Errno fault() {
        for (LocalFid fid : named) {
            if (fid.isStale()) {
                return fid.fault();
            }
        }
        return null;
    }

    void send() {
        request.send(0, null);
    }

    /** It is not sent. */
    void over() {}

    /** Nor will it ever be, as a fid has come to stand for another file. */
    void stale() {}
}
