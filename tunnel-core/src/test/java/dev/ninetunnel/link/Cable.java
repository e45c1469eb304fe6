package dev.ninetunnel.link;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicBoolean;

/** A TCP cable between two endpoints that can be cut, in several ways. Carries one connection. */
final class Cable implements AutoCloseable {
    private final ServerSocket plug = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    private final AtomicBoolean spoil = new AtomicBoolean();
    private volatile Socket near;
    private volatile Socket far;

    Cable(HostPort to) throws IOException {
        Thread.ofVirtual().start(() -> {
            try {
                near = plug.accept();
                far = new Socket(to.host(), to.port());
                Thread.ofVirtual().start(() -> carry(far, near));
                carry(near, far);
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

    private void carry(Socket from, Socket to) {
        byte[] buffer = new byte[1 << 16];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (spoil.compareAndSet(true, false)) {
                    buffer[n - 1] ^= 1;
                }
                out.write(buffer, 0, n);
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
