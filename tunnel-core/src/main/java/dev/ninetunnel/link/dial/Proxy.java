package dev.ninetunnel.link.dial;

import dev.ninetunnel.link.HostPort;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A program on the way that connects to others when it is asked to. It is given the far host's name, not its address:
 * the name need not be known here.
 *
 * @param where where it listens
 * @param credentials for a proxy that asks who one is
 */
public record Proxy(Kind kind, HostPort where, Optional<ProxyCredentials> credentials) {
    private static final Pattern URL = Pattern.compile("(?:([A-Za-z][A-Za-z0-9+.-]*)://)?(?:([^@/]*)@)?([^@/]+)/?");
    /** What RFC 1929 has room for. */
    private static final int SOCKS_BYTES = 255;

    /** How it is asked. */
    public enum Kind {
        /** CONNECT of RFC 9110. */
        HTTP("http", 80),
        /** RFC 1928. */
        SOCKS5("socks5", 1080);

        private final String scheme;
        private final int port;

        Kind(String scheme, int port) {
            this.scheme = scheme;
            this.port = port;
        }
    }

    /** Throws {@link IllegalArgumentException}, with a message for people, if SOCKS cannot carry the credentials. */
    public Proxy {
        if (kind == Kind.SOCKS5 && credentials.isPresent()) {
            checkSocks(credentials.get());
        }
    }

    private static void checkSocks(ProxyCredentials c) {
        boolean ascii = (c.user() + c.password()).chars().allMatch(letter -> letter < 0x80);
        if (!ascii || c.user().length() > SOCKS_BYTES || c.password().length() > SOCKS_BYTES
                || c.password().isEmpty()) {
            throw new IllegalArgumentException("a name and a password for a SOCKS5 proxy are ASCII, and have 1 to "
                    + SOCKS_BYTES + " characters each");
        }
    }

    /**
     * Reads {@code [http://|socks5://|socks5h://][USER:PASSWORD@]HOST[:PORT]}, HTTP if nothing is said, the name and
     * password percent-encoded.
     *
     * @throws IllegalArgumentException with a message for people, which does not repeat a password
     */
    public static Proxy parse(String text) {
        Matcher url = URL.matcher(text);
        if (!url.matches()) {
            throw new IllegalArgumentException(
                    "that is no proxy: write http://HOST:PORT or socks5://HOST:PORT");
        }
        Kind kind = kind(url.group(1) == null ? "http" : url.group(1).toLowerCase(Locale.ROOT));
        HostPort where = HostPort.parse(url.group(3), kind.port);
        if (where.host().isEmpty()) {
            throw new IllegalArgumentException("a proxy has a host: write " + kind.scheme + "://HOST:PORT");
        }
        return new Proxy(kind, where, Optional.ofNullable(url.group(2)).map(Proxy::credentials));
    }

    private static Kind kind(String scheme) {
        return switch (scheme) {
            case "http" -> Kind.HTTP;
            case "socks5", "socks5h", "socks" -> Kind.SOCKS5;
            case "https" -> throw new IllegalArgumentException("a proxy that is itself reached through TLS (https://) "
                    + "cannot be used yet: most that are used for https:// are reached at http://HOST:PORT");
            default -> throw new IllegalArgumentException("a proxy of the kind " + scheme
                    + ":// cannot be used: http:// and socks5:// can");
        };
    }

    private static ProxyCredentials credentials(String userInfo) {
        int colon = userInfo.indexOf(':');
        return colon < 0
                ? new ProxyCredentials(decoded(userInfo), "")
                : new ProxyCredentials(decoded(userInfo.substring(0, colon)), decoded(userInfo.substring(colon + 1)));
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the name or password for the proxy is not percent-encoded well: write "
                    + "%25 for %, %40 for @", e);
        }
    }

    /** The same, with others than those it has. */
    public Proxy withCredentials(ProxyCredentials others) {
        return new Proxy(kind, where, Optional.of(others));
    }

    /** As a URL, without credentials. */
    @Override
    public String toString() {
        return kind.scheme + "://" + where;
    }
}
