package dev.ninetunnel.link.accept;

import dev.ninetunnel.errno.SystemWords;
import dev.ninetunnel.link.HostPort;

/** Says why a port cannot be listened on. */
public final class BindFaults {
    private BindFaults() {}

    /** In words for people, with what to do about it. */
    public static String explain(HostPort where, Throwable cause) {
        String said = String.valueOf(cause.getMessage());
        if (said.contains("already in use")) {
            return "port " + where.port() + " is in use: another program listens on it (ss -ltnp 'sport = :"
                    + where.port() + "' shows which). Stop that one, or choose another port";
        }
        if (said.contains("Permission denied")) {
            return "not allowed to listen on port " + where.port()
                    + ": ports below 1024 are for root. Choose a higher one, or give the process CAP_NET_BIND_SERVICE";
        }
        if (said.contains("Cannot assign requested address") || said.contains("cannot assign")) {
            return "cannot listen at " + where + ": " + where.host()
                    + " is not an address of this host. Give one of its own, or the port alone to listen on all of them";
        }
        return "cannot listen at " + where + ": " + SystemWords.of(cause);
    }
}
