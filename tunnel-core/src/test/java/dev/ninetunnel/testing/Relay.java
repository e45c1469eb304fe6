package dev.ninetunnel.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * A bad network between two endpoints: it carries TCP connections to an address, and cuts them, holds them up, or lets what
 * is sent on them disappear, as the test says.
 */
public final class Relay implements AutoCloseable {
    /** What happens to the bytes of all connections. */
    public enum Weather {
        /** They are carried. */
        FAIR,
        /** They are not taken from the sender, so that its buffers fill up. */
        STALLED,
        /** They are taken, and nobody ever sees them again; nor is a connection's end seen. */
        BLACK_HOLE
    }

    /** To whom bytes go. */
    public enum Way {
        TO_WHO_DIALLED, TO_WHO_LISTENS
    }

    private final InetSocketAddress to;
    private final ServerSocket entrance;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final AtomicInteger cuts = new AtomicInteger();
    private final AtomicInteger begun = new AtomicInteger();
    private Weather weather = Weather.FAIR;
    private LongSupplier bytesToNextCut = () -> Long.MAX_VALUE;
    private long bytesLeft = Long.MAX_VALUE;
    private boolean refusing;

    /** Carries connections to this address, from a free port of the loopback interface. */
    public Relay(InetSocketAddress to) {
        this.to = to;
        try {
            this.entrance = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().name("relay").start(this::acceptAll);
    }

    /** Where to connect to. */
    public InetSocketAddress address() {
        return new InetSocketAddress(entrance.getInetAddress(), entrance.getLocalPort());
    }

    /** From now on cuts all connections, wherever a message may be, each time so many bytes have gone, of both directions. */
    public void cutEvery(LongSupplier bytes) {
        lock.lock();
        try {
            bytesToNextCut = bytes;
            bytesLeft = bytes.getAsLong();
        } finally {
            lock.unlock();
        }
    }

    /** How often connections were cut. */
    public int cuts() {
        return cuts.get();
    }

    /** How many connections it has carried. */
    public int connections() {
        return begun.get();
    }

    /** Puts bytes into all connections: between two messages, if nothing is under way. */
    public void inject(Way way, byte[] bytes) {
        for (Connection connection : connections) {
            try {
                (way == Way.TO_WHO_DIALLED ? connection.near : connection.far).getOutputStream().write(bytes);
            } catch (IOException e) {
                // It is over already.
            }
        }
    }

    /** Cuts all connections now. */
    public void cut() {
        cuts.incrementAndGet();
        for (Connection connection : connections) {
            connection.cut();
        }
    }

    /** Cuts all connections, and every new one at once, or lets them through again. */
    public void refuse(boolean all) {
        lock.lock();
        try {
            refusing = all;
        } finally {
            lock.unlock();
        }
        if (all) {
            cut();
        }
    }

    /** Changes what happens to bytes. A connection that is in a black hole stays there. */
    public void weather(Weather next) {
        lock.lock();
        try {
            weather = next;
            if (next == Weather.BLACK_HOLE) {
                connections.forEach(c -> c.swallowed = true);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void acceptAll() {
        while (true) {
            try {
                Socket near = entrance.accept();
                if (isRefusing()) {
                    near.close();
                } else {
                    new Connection(near, new Socket(to.getAddress(), to.getPort())).start();
                }
            } catch (IOException e) {
                if (entrance.isClosed()) {
                    return;
                }
            }
        }
    }

    private boolean isRefusing() {
        lock.lock();
        try {
            return refusing;
        } finally {
            lock.unlock();
        }
    }

    /** Waits while nothing is carried. Returns how many of these bytes go before the cut. */
    private int admit(int bytes) throws InterruptedException {
        lock.lock();
        try {
            while (weather == Weather.STALLED) {
                changed.await();
            }
            if (bytes <= bytesLeft) {
                bytesLeft -= bytes;
                return bytes;
            }
            int before = (int) bytesLeft;
            bytesLeft = bytesToNextCut.getAsLong();
            return before;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        weather(Weather.FAIR);
        try {
            entrance.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        connections.forEach(Connection::cut);
    }

    private final class Connection {
        private final Socket near;
        private final Socket far;
        private volatile boolean swallowed;

        Connection(Socket near, Socket far) {
            this.near = near;
            this.far = far;
        }

        void start() throws IOException {
            near.setTcpNoDelay(true);
            far.setTcpNoDelay(true);
            connections.add(this);
            begun.incrementAndGet();
            Thread.ofVirtual().name("relay to").start(() -> carry(near, far));
            Thread.ofVirtual().name("relay back").start(() -> carry(far, near));
        }

        private void carry(Socket from, Socket into) {
            byte[] buffer = new byte[1 << 16];
            try {
                InputStream in = from.getInputStream();
                OutputStream out = into.getOutputStream();
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    int going = admit(n);
                    if (swallowed) {
                        continue;
                    }
                    out.write(buffer, 0, going);
                    if (going < n) {
                        Relay.this.cut();
                        return;
                    }
                }
                if (!swallowed) {
                    into.shutdownOutput();
                }
            } catch (IOException e) {
                if (!swallowed) {
                    cut();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** Every second time by a reset, every second time by an end without a word. */
        void cut() {
            connections.remove(this);
            for (Socket socket : new Socket[]{near, far}) {
                try {
                    socket.setSoLinger(cuts.get() % 2 == 0, 0);
                    socket.close();
                } catch (IOException e) {
                    // It has been closed already.
                }
            }
        }
    }
}
