package dev.ninetunnel.benchmarks.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

/**
 * A network with a rate, a delay and a short queue, that carries TCP connections to an address. All connections share one
 * line each way, first come first served. A byte waits in the queue until the line has taken all before it, is on the
 * line as long as the rate says, and arrives after the delay. What finds the queue full is not taken from the sender, whose
 * own buffers then fill: this network loses nothing, as one with ECN or a polite shaper.
 *
 * <p>The socket that receives from a sender is part of that queue, so it is made as small as the kernel allows.
 *
 * <p>Each connection has a virtual thread that takes and one that delivers, for each direction; each line has one that
 * keeps time.
 */
public final class SlowNetwork implements AutoCloseable {
    /** What the line takes at a time, as a packet of a network with large frames. */
    private static final int PACKET = 4 << 10;
    /** The kernel doubles it, and counts its own overhead to it. */
    private static final int RECEIVE_BUFFER = 8 << 10;
    private static final int BACKLOG = 50;

    private final InetSocketAddress to;
    private final ServerSocket entrance;
    private final Way there;
    private final Way back;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final Thread accepting;

    /** Carries connections to this address, from a free port of the loopback interface. */
    public SlowNetwork(InetSocketAddress to, Line line) throws IOException {
        this.to = to;
        this.entrance = new ServerSocket();
        entrance.setReceiveBufferSize(RECEIVE_BUFFER);
        entrance.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
        this.there = new Way(line);
        this.back = new Way(line);
        this.accepting = start("accept", this::acceptAll);
    }

    /** Where to connect to. */
    public InetSocketAddress address() {
        return new InetSocketAddress(entrance.getInetAddress(), entrance.getLocalPort());
    }

    private Thread start(String what, Runnable task) {
        Thread thread = Thread.ofVirtual().name("network " + what).start(task);
        threads.add(thread);
        return thread;
    }

    private void acceptAll() {
        try {
            while (true) {
                Socket near = entrance.accept();
                Socket far = new Socket();
                sockets.add(near);
                sockets.add(far);
                far.setReceiveBufferSize(RECEIVE_BUFFER);
                far.connect(to);
                near.setTcpNoDelay(true);
                far.setTcpNoDelay(true);
                carry(near, far, there);
                carry(far, near, back);
            }
        } catch (IOException _) {
            // The end of this network, or of the server behind it: who connects sees it.
            stop();
        }
    }

    /**
     * Some bytes on their way, and when they came to where they are, or will. Handed from thread to thread through queues.
     */
    private static final class Packet {
        private final byte[] bytes;
        private final int length;
        private final LinkedBlockingQueue<Packet> arriving;
        private long time;

        Packet(byte[] bytes, int length, LinkedBlockingQueue<Packet> arriving) {
            this.bytes = bytes;
            this.length = length;
            this.arriving = arriving;
        }
    }

    private void carry(Socket from, Socket into, Way way) {
        LinkedBlockingQueue<Packet> arriving = new LinkedBlockingQueue<>();
        start("take", () -> take(from, way, arriving));
        start("deliver", () -> deliver(arriving, into));
    }

    private void take(Socket from, Way way, LinkedBlockingQueue<Packet> arriving) {
        try {
            int n;
            do {
                byte[] bytes = new byte[PACKET];
                n = read(from, bytes);
                way.queue(new Packet(bytes, n, arriving));
            } while (n > 0);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** How many came; 0 is the end, whichever way the sender has ended. */
    private static int read(Socket from, byte[] into) {
        try {
            return Math.max(0, from.getInputStream().read(into));
        } catch (IOException _) {
            return 0;
        }
    }

    /** A packet without bytes is the end. */
    private static void deliver(LinkedBlockingQueue<Packet> arriving, Socket into) {
        try {
            while (true) {
                Packet packet = arriving.take();
                waitUntil(packet.time);
                if (packet.length == 0) {
                    into.shutdownOutput();
                    return;
                }
                into.getOutputStream().write(packet.bytes, 0, packet.length);
            }
        } catch (IOException _) {
            close(into);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void waitUntil(long due) throws InterruptedException {
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            LockSupport.parkNanos(left);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException _) {
            // It was closed already.
        }
    }

    @Override
    public void close() {
        stop();
        try {
            // The system closes the entrance when nobody waits at it any more; until then it lets one in.
            accepting.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void stop() {
        try {
            entrance.close();
        } catch (IOException _) {
            // It was closed already.
        }
        sockets.forEach(SlowNetwork::close);
        threads.forEach(Thread::interrupt);
    }

    /** One direction. */
    private final class Way {
        private final Line line;
        private final Semaphore room;
        private final LinkedBlockingQueue<Packet> waiting = new LinkedBlockingQueue<>();

        Way(Line line) {
            this.line = line;
            this.room = new Semaphore(Math.max(PACKET, line.queue()), true);
            start("line", this::run);
        }

        /** Waits for room in the queue. */
        void queue(Packet packet) throws InterruptedException {
            room.acquire(packet.length);
            packet.time = System.nanoTime();
            waiting.add(packet);
        }

        private void run() {
            try {
                long free = System.nanoTime();
                while (true) {
                    Packet packet = waiting.take();
                    // By when it came, not by when this thread woke up: else each packet would cost the line a nap.
                    free = Math.max(free, packet.time) + line.nanosFor(packet.length);
                    waitUntil(free);
                    room.release(packet.length);
                    packet.time = free + line.delay().toNanos();
                    packet.arriving.add(packet);
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
