package dev.ninetunnel.endpoint;

/**
 * Where to listen or dial, as people write it: {@code [HOST:]PORT}, {@code HOST}, {@code [IPV6]:PORT}.
 *
 * @param host a name or address without brackets; empty for every address of this machine
 * @param port 1 to 65535; 0 lets the system choose, when listening
 */
public record HostPort(String host, int port) {
    /** The port that 9P has at IANA is 564; ours is unprivileged. */
    public static final int DEFAULT_PORT = 5640;

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException with a message for people
     */
    public static HostPort parse(String text) {
        String s = text.strip();
        if (s.isEmpty()) {
            throw new IllegalArgumentException(
                    "an address is missing: write [HOST:]PORT, such as 5640 or example.org:443");
        }
        if (s.startsWith("[")) {
            int end = s.indexOf(']');
            if (end < 0) {
                throw new IllegalArgumentException("'" + text + "' has no ']' behind its IPv6 address");
            }
            String rest = s.substring(end + 1);
            if (!rest.isEmpty() && !rest.startsWith(":")) {
                throw new IllegalArgumentException("'" + text + "' should be [ADDRESS]:PORT");
            }
            return new HostPort(s.substring(1, end), rest.isEmpty() ? DEFAULT_PORT : port(rest.substring(1), text));
        }
        int colon = s.lastIndexOf(':');
        if (colon != s.indexOf(':')) {
            throw new IllegalArgumentException(
                    "'" + text + "' has several colons: write an IPv6 address as [ADDRESS]:PORT");
        }
        if (colon >= 0) {
            String host = s.substring(0, colon);
            return new HostPort(host.equals("*") ? "" : host, port(s.substring(colon + 1), text));
        }
        return s.chars().allMatch(Character::isDigit) ? new HostPort("", port(s, text)) : new HostPort(s, DEFAULT_PORT);
    }

    private static int port(String digits, String text) {
        if (digits.isEmpty() || digits.length() > 5 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')
                || Integer.parseInt(digits) > 65535) {
            throw new IllegalArgumentException("'" + text + "' has no port between 0 and 65535 behind its colon");
        }
        return Integer.parseInt(digits);
    }

    @Override
    public String toString() {
        String shown = host.isEmpty() ? "*" : host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return shown + ":" + port;
    }
}
