package dev.ninetunnel.cli.doctor;

import dev.ninetunnel.identity.IdentityException;
import dev.ninetunnel.identity.PeerFile;
import dev.ninetunnel.identity.PeerId;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * The way to an endpoint that listens, without a proxy: its address, a connection, and what answers there. Nothing is said of who asks.
 *
 * @param home where the list of trusted peers is
 * @param host a name or an address
 */
public record WayCheck(Path home, String host, int port) {
    private static final int PATIENCE_MILLIS = 5000;
    private static final double MILLION = 1e6;

    /** What was found, as far as it goes. */
    public List<Finding> all() {
        List<Finding> all = new ArrayList<>();
        InetAddress[] addresses;
        try {
            addresses = InetAddress.getAllByName(host);
        } catch (UnknownHostException _) {
            all.add(Finding.bad("no host is called " + host,
                    "see whether the name is right, and what /etc/resolv.conf names"));
            return all;
        }
        all.add(Finding.good(host + " is " + String.join(", ",
                Arrays.stream(addresses).map(InetAddress::getHostAddress).toList())));
        for (InetAddress address : addresses) {
            if (isGood(connect(address, all))) {
                break;
            }
        }
        return all;
    }

    private static boolean isGood(Finding last) {
        return last.level() == Finding.Level.GOOD;
    }

    private Finding connect(InetAddress address, List<Finding> all) {
        String shown = address.getHostAddress() + " port " + port;
        long begun = System.nanoTime();
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), PATIENCE_MILLIS);
            all.add(Finding.good(String.format(Locale.ROOT, "%s takes connections, in %.1f ms", shown,
                    (System.nanoTime() - begun) / MILLION)));
            socket.setSoTimeout(PATIENCE_MILLIS);
            all.add(greet(socket, shown));
        } catch (ConnectException _) {
            all.add(Finding.bad("nobody listens at " + shown,
                    "start 'ninetunnel listen' there, or see which port it has"));
        } catch (SocketTimeoutException _) {
            all.add(Finding.bad(shown + " does not answer",
                    "a firewall drops it, perhaps: open the port, or dial through a proxy "
                            + "('ninetunnel dial --proxy') or another port that is open"));
        } catch (IOException e) {
            all.add(Finding.bad("no connection with " + shown + ": " + e.getMessage(),
                    "see whether this host reaches others"));
        }
        return all.getLast();
    }

    /** The first message of TLS is longer than a packet on some ways, and what answers shows its key before it asks for ours. */
    private Finding greet(Socket socket, String shown) {
        AtomicReference<X509Certificate> seen = new AtomicReference<>();
        try {
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(null, new TrustManager[]{new Seeing(seen)}, null);
            try (SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(socket, host, port, false)) {
                tls.startHandshake();
            }
        } catch (SocketTimeoutException _) {
            return Finding.bad(shown + " takes connections, but does not answer to TLS",
                    "something on the way drops large packets, "
                            + "perhaps: try a smaller MTU (ip link set dev ... mtu 1280)");
        } catch (IOException | GeneralSecurityException e) {
            if (seen.get() == null) {
                return Finding.bad("what answers at " + shown + " does not speak TLS 1.3 (" + e.getMessage() + ")",
                        "it is no endpoint, or something on the way answers in its place");
            }
        }
        return known(PeerId.of(seen.get().getPublicKey()), shown);
    }

    private Finding known(PeerId id, String shown) {
        try {
            return new PeerFile(home).byId(id)
                    .map(peer -> Finding.good("at " + shown + " is " + peer.name() + ", whose key is trusted here"))
                    .orElseGet(() -> Finding
                            .missing("at " + shown + " is one with the key " + id + ", which is not trusted here",
                                    "if it is the peer ('ninetunnel id' on its host prints the same): ninetunnel trust "
                                            + id
                                            + " --name NAME"));
        } catch (IdentityException e) {
            return Finding.bad("the list of peers cannot be used", e.getMessage());
        }
    }

    /** Accepts none, and so is shown all there is. */
    private record Seeing(AtomicReference<X509Certificate> seen) implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {
            throw new IllegalStateException("this is a client");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
            // What it is shown is looked up, and nothing sent.
            seen.set(chain[0]);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
