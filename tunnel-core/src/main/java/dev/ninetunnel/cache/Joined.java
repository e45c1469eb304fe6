package dev.ninetunnel.cache;

import dev.ninetunnel.cache.port.Pending;
import java.util.List;

/**
 * A request that waits here for the answer to what was asked before it. When that has come it is dealt with anew: whether the
 * answer is of use to it shows then (rule 11). What names the same fid waits behind it.
 */
final class Joined {
    private final CachedClient client;
    private final List<LocalFid> named;
    /** Null when it waits no more. */
    private Pending request;

    Joined(CachedClient client, LocalFid fid, Pending request) {
        this.client = client;
        this.named = List.of(fid);
        this.request = request;
        client.hold(named);
        request.park(() -> {
            end();
            client.goOn();
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
            client.letGo(named);
        }
        return waited;
    }

    /** It goes on, if it waits still. */
    void goOn() {
        Pending waited = end();
        if (waited != null) {
            client.goOn(waited);
        }
    }
}
