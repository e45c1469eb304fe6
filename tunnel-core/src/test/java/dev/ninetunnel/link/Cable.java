package dev.ninetunnel.link;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** A TCP cable between two endpoints that can be cut, in several ways. Carries one connection. */
final class Cable implements AutoCloseable {
    private final ServerSocket plug = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    private final AtomicBoolean spoil = new AtomicBoolean();
    private final Map<Way, byte[]> behindFirst = new EnumMap<>(Way.class);
    private volatile Socket near;
    private volatile Socket far;

    /** To whom bytes go. */
    enum Way {
        TO_WHO_DIALLED, TO_WHO_ACCEPTED
    }

    Cable(HostPort to) throws IOException {
        Thread.ofVirtual().start(() -> {
            try {
                near = plug.accept();
                far = new Socket(to.host(), to.port());
                Thread.ofVirtual().start(() -> carry(far, near, Way.TO_WHO_DIALLED));
                carry(near, far, Way.TO_WHO_ACCEPTED);
            } catch (IOException e) {
                // cut
            }
        });
    }

    HostPort nearEnd() {
        return new HostPort("127.0.0.1", plug.getLocalPort());
    }

    /** Both ends see a reset. */
    void reset() throws IOException {
        near.setSoLinger(true, 0);
        far.setSoLinger(true, 0);
        near.close();
        far.close();
    }

    /** Both ends see an end of the stream, without a word. */
    void hangUp() throws IOException {
        near.close();
        far.close();
    }

    /** One bit of what follows comes out wrong. */
    void spoil() {
        spoil.set(true);
    }

    /** Somebody on the way puts bytes in. Between two records, if nothing is under way. */
    void inject(Way way, byte[] bytes) throws IOException {
        (way == Way.TO_WHO_DIALLED ? near : far).getOutputStream().write(bytes);
    }

    /** Puts bytes in behind the first that go that way, which is a whole flight of the handshake. Before the cable is used. */
    void injectBehindFirst(Way way, byte[] bytes) {
        behindFirst.put(way, bytes);
    }

    private void carry(Socket from, Socket to, Way way) {
        byte[] buffer = new byte[1 << 16];
        boolean first = true;
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (spoil.compareAndSet(true, false)) {
                    buffer[n - 1] ^= 1;
                }
                out.write(buffer, 0, n);
                byte[] injected = first ? behindFirst.get(way) : null;
                first = false;
                if (injected != null) {
                    out.write(injected);
                }
            }
            to.shutdownOutput();
        } catch (IOException e) {
            // cut
        }
    }

    @Override
    public void close() throws IOException {
        plug.close();
    }
}
