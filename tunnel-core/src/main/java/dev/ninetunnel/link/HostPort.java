package dev.ninetunnel.link;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A place to listen at or to dial: {@code [HOST:]PORT}, an IPv6 address in brackets. One of a single link names the network
 * interface behind a percent sign ({@code fe80::1%eth0}, RFC 4007, 11), which may be written as in a URL ({@code %25}, RFC 6874).
 *
 * @param host a name or an address, or the empty string for every address of this host
 */
public record HostPort(String host, int port) {
    /** Two groups of zeros or more, with the colons around them. */
    private static final Pattern ZEROS = Pattern.compile("(?:^|:)0(?::0)+(?::|$)");
    /** The port of an endpoint when none is given. */
    public static final int DEFAULT_PORT = 5640;

    public HostPort {
        if (port < 0 || port > 0xFFFF) {
            throw new IllegalArgumentException(port + " is no port number: they go from 1 to 65535");
        }
    }

    /**
     * Reads {@code PORT}, {@code HOST}, {@code HOST:PORT}, {@code [IPV6]} or {@code [IPV6]:PORT}.
     *
     * @throws IllegalArgumentException with a message for the person who typed it
     */
    public static HostPort parse(String text) {
        return parse(text, DEFAULT_PORT);
    }

    /** The same, with another port where none is given. */
    public static HostPort parse(String text, int otherwise) {
        if (text.matches("[0-9]+")) {
            return new HostPort("", port(text, text));
        }
        if (text.startsWith("[")) {
            int bracket = text.indexOf(']');
            String rest = bracket < 0 ? "?" : text.substring(bracket + 1);
            if (bracket <= 1 || (!rest.isEmpty() && !rest.startsWith(":"))) {
                throw new IllegalArgumentException(text + " is no address: an IPv6 address is written [ADDRESS]:PORT");
            }
            return new HostPort(withPlainZone(text.substring(1, bracket)),
                    rest.isEmpty() ? otherwise : port(rest.substring(1), text));
        }
        int colon = text.indexOf(':');
        if (colon != text.lastIndexOf(':')) {
            throw new IllegalArgumentException(
                    text + " is no address: an IPv6 address goes in brackets, [ADDRESS]:PORT");
        }
        if (text.isBlank()) {
            throw new IllegalArgumentException("an address is wanted: [HOST:]PORT");
        }
        return colon < 0
                ? new HostPort(text, otherwise)
                : new HostPort(text.substring(0, colon), port(text.substring(colon + 1), text));
    }

    /** RFC 6874, section 2: {@code %25} stands for the percent sign; alone at the end it is the interface number 25. */
    private static String withPlainZone(String address) {
        int zone = address.indexOf("%25");
        if (zone < 0 || zone + 3 == address.length()) {
            return address;
        }
        try {
            return address.substring(0, zone) + '%'
                    + URLDecoder.decode(address.substring(zone + 3).replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(address
                    + " is no address: behind %25 stands a network interface, and % in its name is written %25", e);
        }
    }

    private static int port(String digits, String text) {
        if (!digits.matches("[0-9]{1,5}")) {
            throw new IllegalArgumentException(text + " is no address: a port is a number from 1 to 65535");
        }
        return Integer.parseInt(digits);
    }

    /** An address of this host, as people write it: {@code *} for all of its own, IPv6 as short as can be (RFC 5952). */
    public static HostPort of(InetSocketAddress address) {
        InetAddress where = address.getAddress();
        if (where.isAnyLocalAddress()) {
            return new HostPort("", address.getPort());
        }
        String longest = ZEROS.matcher(where.getHostAddress()).results().map(MatchResult::group)
                .max(Comparator.comparingInt(String::length)).orElse("");
        String text = longest.isEmpty()
                ? where.getHostAddress()
                : where.getHostAddress().replaceFirst(Pattern.quote(longest), "::");
        return new HostPort(text, address.getPort());
    }

    @Override
    public String toString() {
        String shown = host.isEmpty() ? "*" : host.indexOf(':') < 0 ? host : "[" + host + "]";
        return shown + ":" + port;
    }
}
