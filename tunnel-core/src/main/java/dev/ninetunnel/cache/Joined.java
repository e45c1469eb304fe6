package dev.ninetunnel.cache;

import java.util.List;

/**
 * A request that waits here for the answer to what was asked before it. When that has come it is dealt with anew: whether the
 * answer is of use to it shows then (rule 11). What names the same fid waits behind it.
 */
final class Joined {
    private final CachingServer server;
    private final List<LocalFid> named;
    /** Null when it waits no more. */
    private Pending request;

    Joined(CachingServer server, LocalFid fid, Pending request) {
        this.server = server;
        this.named = List.of(fid);
        this.request = request;
        server.hold(named);
        request.park(() -> {
            end();
            server.goOn();
        });
    }

    boolean isWaiting() {
        return request != null;
    }

    /** It waits no more, if it does; the caller is to deal with it. Null if it was dropped. */
    Pending end() {
        Pending waited = request;
        if (waited != null) {
            request = null;
            server.letGo(named);
        }
        return waited;
    }

    /** It goes on, if it waits still. */
    void goOn() {
        Pending waited = end();
        if (waited != null) {
            server.take(waited);
            server.goOn();
        }
    }
}
