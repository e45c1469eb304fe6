package dev.ninetunnel.cli.options;

import dev.ninetunnel.cli.Failure;
import dev.ninetunnel.cli.ShellWords;
import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.link.dial.Destination;
import dev.ninetunnel.link.dial.Proxy;
import dev.ninetunnel.link.dial.ProxyCredentials;
import dev.ninetunnel.link.dial.ProxyEnvironment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The way to a peer, where it is not straight. */
public final class RouteOptions {
    @Option(names = "--proxy", paramLabel = "URL", description = "The proxy to go through: http://HOST:PORT (CONNECT) or "
            + "socks5://HOST:PORT, which looks the peer's name up too; 'none' for no proxy. Default: what https_proxy or "
            + "all_proxy name in the environment, unless no_proxy has the peer's host.")
    private String proxy;

    @Option(names = "--proxy-credentials", paramLabel = "FILE", description = "A file of mode 0600 with the line "
            + "USER:PASSWORD for the proxy.")
    private Path credentials;

    @Option(names = "--via", paramLabel = "COMMAND", description = "Reach the peer over the standard input and "
            + "output of a shell command, instead of HOST. It is run again for each try.")
    private String via;

    /**
     * Where to dial.
     *
     * @param address what was typed, null if nothing was
     * @throws IllegalArgumentException with a message for the person who typed it
     */
    public Destination to(String address, Map<String, String> environment) {
        return to(address, proxy, credentials, via, environment);
    }

    /** The same, where the address is only what serves if {@code --via} is not given. */
    public Destination alternativelyTo(String address, Map<String, String> environment) {
        return via == null ? to(address, environment) : to(null, environment);
    }

    /** What to type to have the same way, with this address where {@code --via} is not given. */
    public String words(String address) {
        if (via != null) {
            return "--via " + ShellWords.quoted(via);
        }
        return address + (proxy == null ? "" : " --proxy " + ShellWords.quoted(proxy))
                + (credentials == null ? "" : " --proxy-credentials " + ShellWords.quoted(credentials.toString()));
    }

    /** The same, with options that were given otherwise; null for each that was not. */
    public static Destination to(String address, String proxy, Path credentials, String via,
            Map<String, String> environment) {
        if (via != null) {
            if (address != null || proxy != null || credentials != null) {
                throw new IllegalArgumentException(
                        "--via is the whole way: HOST and a proxy are for the command itself");
            }
            return new Destination.Via(via);
        }
        if (address == null) {
            throw new IllegalArgumentException("where the peer listens is missing: HOST[:PORT], or --via COMMAND");
        }
        HostPort where = HostPort.parse(address);
        Optional<Proxy> chosen = proxy(proxy, where, environment);
        if (chosen.isEmpty() && credentials != null) {
            throw new IllegalArgumentException("--proxy-credentials is for a proxy, and there is none");
        }
        return chosen.<Destination>map(p -> new Destination.Proxied(where, withCredentials(p, credentials)))
                .orElseGet(() -> new Destination.Direct(where));
    }

    private static Optional<Proxy> proxy(String proxy, HostPort where, Map<String, String> environment) {
        if (proxy == null) {
            return new ProxyEnvironment(environment).proxyFor(where);
        }
        if (proxy.equals("none")) {
            return Optional.empty();
        }
        if (proxy.indexOf('@') >= 0) {
            throw new IllegalArgumentException(
                    "a name and password have no place on the command line, where every user "
                            + "of this machine can see them: put USER:PASSWORD into a file of mode 0600 and give it with "
                            + "--proxy-credentials FILE");
        }
        try {
            return Optional.of(Proxy.parse(proxy));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--proxy: " + e.getMessage(), e);
        }
    }

    private static Proxy withCredentials(Proxy p, Path credentials) {
        try {
            return credentials == null ? p : p.withCredentials(ProxyCredentials.read(credentials));
        } catch (IOException e) {
            throw new Failure(Failure.CONFIG, e.getMessage(), e);
        }
    }
}
