package dev.ninetunnel.link.dial;

import dev.ninetunnel.link.LinkException;
import dev.ninetunnel.wire.Escaped;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a proxy's refusal means, and what to do. Of SOCKS5, Netty tells the proxy's status in its message only. */
final class ProxyFaults {
    private static final Pattern SOCKS_STATUS = Pattern.compile(", status: ([A-Z_]+)");
    private static final String CREDENTIALS = "Put USER:PASSWORD into a file of mode 0600 and give it with"
            + " --proxy-credentials FILE";

    private ProxyFaults() {}

    /** The status of an HTTP proxy's answer; 0 if it gave none, or one that is none of HTTP. */
    static int status(Throwable cause) {
        return cause instanceof HttpConnect.RefusedException e ? e.answer.status() : 0;
    }

    /** Of a proxy that was reached, but did not connect. */
    static LinkException of(Destination.Proxied to, Throwable cause) {
        String said = String.valueOf(cause.getMessage());
        if (said.contains(", timeout")) {
            return new LinkException(LinkException.Kind.TIMEOUT, "the proxy " + to.proxy() + " did not answer in time. "
                    + "It may be busy, or may wait for " + to.where() + ", or something else listens there", cause);
        }
        return switch (to.proxy().kind()) {
            case HTTP -> http(to, cause);
            case SOCKS5 -> socks(to, said, cause);
        };
    }

    private static LinkException http(Destination.Proxied to, Throwable cause) {
        int status = status(cause);
        String answer = "the proxy " + to.proxy() + " answered " + status + reason(cause);
        return switch (status) {
            case 0 -> unreadable(to, cause);
            case 407 -> new LinkException(LinkException.Kind.PROXY_AUTH, unauthorized(to, cause), cause);
            case 403, 405, 501 -> new LinkException(LinkException.Kind.PROXY_REFUSED, answer + ": it does not let this"
                    + " host connect to " + to.where() + ". Many let nothing but port 443 through: let the peer listen"
                    + " there, or ask who runs the proxy", cause);
            default -> new LinkException(LinkException.Kind.OTHER, answer + " when it was asked to connect to "
                    + to.where() + ". The peer may not run, or the proxy does not find or reach it", cause);
        };
    }

    private static String unauthorized(Destination.Proxied to, Throwable cause) {
        String proxy = "the proxy " + to.proxy();
        if (to.proxy().credentials().isEmpty()) {
            return proxy + " wants to know who this is (407). " + CREDENTIALS;
        }
        List<Challenge> challenges = HttpAuth.challenges(cause);
        if (HttpAuth.canAnswer(challenges)) {
            return proxy + " does not accept the name '" + Escaped.of(to.proxy().credentials().get().user())
                    + "' with the password given (407). Check both";
        }
        return proxy + " asks for a login of a kind that is not known here (407: "
                + Escaped.of(String.join(", ", challenges.stream().map(Challenge::scheme).toList()))
                + "). Basic, and Digest with MD5 or SHA-256, are";
    }

    private static String reason(Throwable cause) {
        return cause instanceof HttpConnect.RefusedException e && !e.answer.reason().isBlank()
                ? " (" + Escaped.of(e.answer.reason().strip()) + ")"
                : "";
    }

    private static LinkException unreadable(Destination.Proxied to, Throwable cause) {
        return new LinkException(LinkException.Kind.OTHER, to.proxy().where()
                + " did not answer as a proxy of the kind " + to.proxy().kind()
                + " does. Check its address and kind (http:// or socks5://)", cause);
    }

    /** The states of RFC 1928 and 1929, by Netty's names for them. */
    private static LinkException socks(Destination.Proxied to, String said, Throwable cause) {
        String proxy = "the proxy " + to.proxy();
        if (said.contains("authStatus:")) {
            return new LinkException(LinkException.Kind.PROXY_AUTH, proxy
                    + " does not accept the name and the password given. Check both", cause);
        }
        if (said.contains("unexpected authMethod:")) {
            return new LinkException(LinkException.Kind.PROXY_AUTH, to.proxy().credentials().isPresent()
                    ? proxy + " takes no name and password, and refuses connections without"
                    : proxy + " wants to know who this is. " + CREDENTIALS, cause);
        }
        Matcher status = SOCKS_STATUS.matcher(said);
        if (!status.find()) {
            return unreadable(to, cause);
        }
        String state = status.group(1).replace('_', ' ').toLowerCase(java.util.Locale.ROOT);
        return status.group(1).equals("FORBIDDEN")
                ? new LinkException(LinkException.Kind.PROXY_REFUSED, proxy + " does not let this host connect to "
                        + to.where() + " (" + state + "). Ask who runs it", cause)
                : new LinkException(LinkException.Kind.OTHER, proxy + " could not connect to " + to.where() + ": "
                        + state + ". The peer may not run, or the proxy does not find or reach it", cause);
    }
}
