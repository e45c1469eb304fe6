package dev.ninetunnel.link;

import dev.ninetunnel.errno.SystemWords;
import dev.ninetunnel.identity.ExpectedPeer;
import dev.ninetunnel.identity.PeerId;
import dev.ninetunnel.identity.UntrustedException;
import dev.ninetunnel.tls.TlsFailure;
import io.netty.channel.ConnectTimeoutException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Turns what went wrong with dialling into something that a tired administrator can act on. */
public final class LinkFaults {
    private LinkFaults() {}

    /** What to do when the other side does not accept this endpoint. */
    public static String refusalAdvice(PeerId self) {
        return "It does not trust this endpoint, or finds its certificate out of date. On that host run:  ninetunnel"
                + " trust " + self
                + " --name NAME   (where 'ninetunnel up' runs, put that id into a [peer.NAME] of its file"
                + " instead)";
    }

    public static LinkException noSuchName(HostPort where, Throwable cause) {
        int zone = where.host().indexOf('%');
        if (zone >= 0) {
            return new LinkException(LinkException.Kind.NAME, "this host has no network interface "
                    + where.host().substring(zone + 1) + ", by which " + where.host()
                    + " could be reached. See which it has (ip link)", cause);
        }
        return new LinkException(LinkException.Kind.NAME, "cannot find a host named " + where.host()
                + ". Check the spelling, and that names are resolved here (getent hosts " + where.host() + ")", cause);
    }

    public static LinkException lookupTimeout(HostPort where, LinkLimits limits) {
        return new LinkException(LinkException.Kind.TIMEOUT, "the lookup of the name " + where.host()
                + " took longer than " + limits.lookup().toSeconds() + " s. Check this host's DNS servers", null);
    }

    /**
     * Of a TCP connection that did not come about.
     *
     * @param proxy whether a proxy was to be reached there, and not a peer
     * @param reasons why not, for each address that was tried
     */
    public static LinkException notConnected(HostPort where, boolean proxy, Map<InetAddress, Throwable> reasons) {
        List<LinkException> all = reasons.entrySet().stream()
                .map(r -> notConnected(where, proxy,
                        Addresses.show(new InetSocketAddress(r.getKey(), where.port())), r.getValue()))
                .toList();
        // What a host itself has said tells more than that there was silence.
        LinkException first = all.stream().filter(e -> e.kind() == LinkException.Kind.REFUSED).findFirst()
                .orElse(all.getFirst());
        return all.size() == 1
                ? first
                : new LinkException(first.kind(), first.getMessage() + ". All addresses of " + where.host()
                        + " were tried: " + reasons.entrySet().stream()
                                .map(r -> r.getKey().getHostAddress() + " (" + reason(r.getValue()) + ")")
                                .collect(Collectors.joining(", ")),
                        first);
    }

    private static LinkException notConnected(HostPort where, boolean proxy, String shown, Throwable cause) {
        String at = where.host().isEmpty() || shown.equals(where.toString()) ? shown : where + " (" + shown + ")";
        String reason = reason(cause);
        return switch (kind(cause)) {
            case TIMEOUT -> new LinkException(LinkException.Kind.TIMEOUT, "no answer from " + at
                    + ". The host may be down, or a firewall drops the packets", cause);
            case UNREACHABLE -> new LinkException(LinkException.Kind.UNREACHABLE, "no way to " + at + ": " + reason
                    + ". Check this host's network, and the address", cause);
            case REFUSED -> new LinkException(LinkException.Kind.REFUSED, "nobody listens at " + at + (proxy
                    ? ". Check that the proxy runs, and its address (--proxy, or https_proxy and all_proxy in the environment)"
                    : ". Start `ninetunnel listen` there, or check the port and the firewall"), cause);
            default -> new LinkException(LinkException.Kind.OTHER, "cannot connect to " + at + ": " + reason, cause);
        };
    }

    private static LinkException.Kind kind(Throwable cause) {
        String said = String.valueOf(cause.getMessage());
        if (cause instanceof ConnectTimeoutException || said.contains("timed out")) {
            return LinkException.Kind.TIMEOUT;
        }
        if (cause instanceof NoRouteToHostException || said.contains("unreachable") || said.contains("No route")) {
            return LinkException.Kind.UNREACHABLE;
        }
        return cause instanceof ConnectException && said.contains("refused")
                ? LinkException.Kind.REFUSED
                : LinkException.Kind.OTHER;
    }

    /** Why there is no TCP connection, in a few words: without the address, which Netty puts behind the system's. */
    public static String reason(Throwable cause) {
        return switch (kind(cause)) {
            case TIMEOUT -> "no answer";
            case REFUSED -> "refused";
            case UNREACHABLE -> plain(cause, "no route to host");
            default -> plain(cause, SystemWords.of(cause));
        };
    }

    private static String plain(Throwable cause, String otherwise) {
        String said = SystemWords.of(cause);
        return said.startsWith("null") || cause.getMessage() == null
                ? otherwise
                : said.replaceFirst(": /?[^ ]+:\\d+$", "");
    }

    /** Of a command that runs, and has not begun TLS in time. */
    public static LinkException silentCommand(String command, TlsFailure failure, Throwable cause) {
        return new LinkException(LinkException.Kind.TIMEOUT, command + " runs, but " + failure.detail()
                + ". Run it by hand to see what it waits for, such as a password (--opening SECONDS waits longer)",
                cause);
    }

    /** Of a connection whose handshake failed. */
    public static LinkException noHandshake(String where, String shown, ExpectedPeer expected, PeerId self,
            TlsFailure failure,
            Throwable cause) {
        String detail = failure.detail();
        return switch (failure.kind()) {
            case UNTRUSTED -> untrusted(where, expected, failure.untrusted(), cause);
            case NOT_TLS -> new LinkException(LinkException.Kind.NOT_TLS, where + " answers, but not in TLS. Something"
                    + " else listens on that port: check address and port", cause);
            case TIMEOUT -> new LinkException(LinkException.Kind.STALLED, where + " accepted the connection, but "
                    + detail + ". It may be busy (--opening SECONDS waits longer), large packets may be lost on the way"
                    + " (lower the MTU here: ip link set dev INTERFACE mtu 1280), or something else listens on that port",
                    cause);
            case REFUSED_BY_PEER -> new LinkException(LinkException.Kind.REFUSED_BY_PEER, where
                    + " refused this endpoint: " + detail + ". " + refusalAdvice(self), cause);
            case NO_COMMON_TERMS -> new LinkException(LinkException.Kind.NO_COMMON_TERMS, "no TLS with " + where + ": "
                    + detail + ". TLS 1.3 with AES-GCM is wanted there", cause);
            case CLOSED -> new LinkException(LinkException.Kind.CLOSED, where
                    + " closed the connection during the handshake. Its log may say why; it may be too busy, or"
                    + " something between (a proxy, a firewall) does not let TLS pass", cause);
            case NO_CERTIFICATE, OTHER -> new LinkException(LinkException.Kind.OTHER,
                    "no TLS with " + where + " (" + shown + "): " + detail, cause);
        };
    }

    private static LinkException untrusted(String where, ExpectedPeer expected, UntrustedException why,
            Throwable cause) {
        PeerId seen = why.seen().orElse(null);
        return switch (why.kind()) {
            case WRONG_KEY -> new LinkException(LinkException.Kind.WRONG_KEY, "the endpoint at " + where
                    + " is not the expected one.\n  expected " + expected.proof() + "\n  seen     " + seen
                    + "\nEither that host has a new key (compare with `ninetunnel id` there, then put the"
                    + " new one into the file 'peers' or ninetunnel.toml here), or the"
                    + " address leads to another host, or somebody is in between", seen, cause);
            case WRONG_NAME -> new LinkException(LinkException.Kind.WRONG_KEY, "the endpoint at " + where
                    + " is not the expected one: " + why.getMessage()
                    + ". Either the address leads to another host, or it is to be dialled under that name", seen,
                    cause);
            case OUT_OF_DATE, UNKNOWN_PEER, NO_LIST, NOT_VOUCHED, UNFIT, REVOKED ->
                new LinkException(LinkException.Kind.EXPIRED,
                        "the endpoint at " + where + " cannot be trusted now: " + why.getMessage(), seen, cause);
        };
    }
}
