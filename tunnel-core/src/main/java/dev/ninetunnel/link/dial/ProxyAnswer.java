package dev.ninetunnel.link.dial;

import java.util.List;

/**
 * What an HTTP proxy has answered to CONNECT.
 *
 * @param reason what it says to that, as it came
 * @param challenges the values of Proxy-Authenticate
 */
record ProxyAnswer(int status, String reason, List<String> challenges) {
    private static final int SUCCESS = 200;
    private static final int SUCCESS_END = 300;

    ProxyAnswer {
        challenges = List.copyOf(challenges);
    }

    /** RFC 9110, 9.3.6: any 2xx says that what follows is the tunnel. */
    boolean opens() {
        return status >= SUCCESS && status < SUCCESS_END;
    }
}
