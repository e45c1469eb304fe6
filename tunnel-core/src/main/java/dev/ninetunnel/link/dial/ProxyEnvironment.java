package dev.ninetunnel.link.dial;

import dev.ninetunnel.link.HostPort;
import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Which proxy the environment names for a host, by the variables that curl(1) and most programs go by:
 * {@code https_proxy}, for a link is TLS, then {@code all_proxy}; {@code no_proxy} says for which hosts none is used.
 * Each may be in capitals too; the small letters come first. As in Go's programs, this very host is never reached through a
 * proxy of the environment.
 */
public final class ProxyEnvironment {
    private static final List<String> NAMES = List.of("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY");

    private final Map<String, String> variables;

    /** Of these variables, as {@link System#getenv()} has them. */
    public ProxyEnvironment(Map<String, String> variables) {
        this.variables = Map.copyOf(variables);
    }

    /**
     * The proxy to use for a host, if any.
     *
     * @throws IllegalArgumentException with a message for people, if a variable names something that is no proxy
     */
    public Optional<Proxy> proxyFor(HostPort where) {
        String variable = NAMES.stream().filter(name -> !variables.getOrDefault(name, "").isBlank()).findFirst()
                .orElse(null);
        if (variable == null || isHere(where.host()) || isExempt(where)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Proxy.parse(variables.get(variable).strip()));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the environment variable " + variable + ": " + e.getMessage()
                    + ". To do without: --proxy none", e);
        }
    }

    private static boolean isHere(String host) {
        InetAddress address = literal(host);
        return host.isEmpty() || host.equalsIgnoreCase("localhost") || (address != null && address.isLoopbackAddress());
    }

    private boolean isExempt(HostPort where) {
        String list = variables.getOrDefault("no_proxy", variables.getOrDefault("NO_PROXY", ""));
        for (String entry : list.split("[,\\s]+", -1)) {
            if (!entry.isEmpty() && matches(entry.toLowerCase(Locale.ROOT), where)) {
                return true;
            }
        }
        return false;
    }

    /** {@code *}, an address, {@code ADDRESS/BITS}, or a name, which stands for all below it too; with a port or not. */
    private static boolean matches(String entry, HostPort where) {
        if (entry.equals("*")) {
            return true;
        }
        if (entry.indexOf('/') >= 0) {
            return inSubnet(entry, where);
        }
        String pattern = entry;
        int colon = entry.lastIndexOf(':');
        boolean bracketed = entry.startsWith("[");
        if (colon > entry.indexOf(']') && (bracketed || colon == entry.indexOf(':'))) {
            if (!entry.substring(colon + 1).equals(String.valueOf(where.port()))) {
                return false;
            }
            pattern = entry.substring(0, colon);
        }
        pattern = pattern.replaceAll("[\\[\\]]", "");
        InetAddress address = literal(pattern);
        if (address != null) {
            return address.equals(literal(where.host()));
        }
        String host = where.host().toLowerCase(Locale.ROOT);
        String name = pattern.replaceFirst("^\\*?\\.", "");
        return host.equals(name) || host.endsWith("." + name);
    }

    private static boolean inSubnet(String entry, HostPort where) {
        InetAddress host = literal(where.host());
        int slash = entry.indexOf('/');
        InetAddress net = literal(entry.substring(0, slash));
        try {
            return host != null && net != null && host.getClass() == net.getClass()
                    && new IpSubnetFilterRule(net, Integer.parseInt(entry.substring(slash + 1)),
                            IpFilterRuleType.ACCEPT).matches(new InetSocketAddress(host, where.port()));
        } catch (IllegalArgumentException e) {
            // As in other programs, what is not understood exempts nothing.
            return false;
        }
    }

    /** An address that is written as one, without asking for a name. */
    static InetAddress literal(String host) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(host);
        try {
            return bytes == null ? null : InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes", e);
        }
    }
}
