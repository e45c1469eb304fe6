package dev.ninetunnel.fuse.kernel;

import dev.ninetunnel.errno.Errno;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the kernel's requests from a device until it is unmounted. That happens on the event loop of the client, so that no thread
 * has to be woken between a request of the kernel and those that are sent for it; where that loop cannot wait for a descriptor, on
 * threads of its own.
 */
public final class RequestReader {
    private static final Logger LOG = LoggerFactory.getLogger(RequestReader.class);
    private static final int THREADS = 2;
    /** After so many, others of the loop have their turn. */
    private static final int MOST_IN_TURN = 16;

    private final FuseDevice device;
    private final int requestBytes;
    private final Consumer<ByteBuf> taker;
    private final Runnable over;
    private int reading;

    /**
     * Nothing is read yet.
     *
     * @param requestBytes the most that one request has
     * @param taker takes a request, which stays the reader's, but may be retained; on any thread
     * @param over runs once, when no more comes
     */
    public RequestReader(FuseDevice device, int requestBytes, Consumer<ByteBuf> taker, Runnable over) {
        this.device = device;
        this.requestBytes = requestBytes;
        this.taker = taker;
        this.over = over;
    }

    /** Begins, once. */
    public void start(EventLoop loop) {
        if (loop instanceof IoEventLoop io && io.isCompatible(EpollIoHandle.class)) {
            reading = 1;
            device.doNotWait();
            io.register(new OnLoop()).addListener(registered -> {
                if (registered.isSuccess()) {
                    ((IoRegistration) registered.getNow()).submit(EpollIoOps.EPOLLIN);
                } else {
                    LOG.error("the mount ends: its device cannot be waited for", registered.cause());
                    leave();
                }
            });
            return;
        }
        reading = THREADS;
        for (int i = 0; i < THREADS; i++) {
            Thread thread = new Thread(this::readAll, "fuse-" + i);
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void readAll() {
        try (Memory memory = new Memory()) {
            int got = memory.read();
            while (!isOver(got)) {
                got = memory.read();
            }
        } finally {
            leave();
        }
    }

    /** ENODEV says that it is unmounted; others are of requests that were taken back, or of signals. */
    private static boolean isOver(int got) {
        boolean over = got < 0 && got != -Errno.EINTR.number() && got != -Errno.EAGAIN.number()
                && got != -Errno.ENOENT.number();
        if (over && got != -Errno.ENODEV.number()) {
            LOG.warn("the mount ends: the kernel's requests cannot be read: {}", Errno.of(-got).words());
        }
        return over;
    }

    private synchronized void leave() {
        reading--;
        if (reading == 0) {
            over.run();
        }
    }

    /** For one request at a time. */
    private final class Memory implements AutoCloseable {
        private final RequestMemory requests = new RequestMemory(requestBytes);

        /** Reads one, and has it taken; what {@link FuseDevice#read} says. */
        int read() {
            ByteBuf in = requests.free();
            int got = device.read(in.memoryAddress(), in.capacity());
            if (got > 0) {
                taker.accept(in.setIndex(0, got));
            }
            return got;
        }

        @Override
        public void close() {
            requests.close();
        }
    }

    /** The device among what a loop waits for. */
    private final class OnLoop implements EpollIoHandle {
        private final FileDescriptor descriptor = new FileDescriptor(device.descriptor());
        private final Memory memory = new Memory();

        @Override
        public FileDescriptor fd() {
            return descriptor;
        }

        @Override
        public void handle(IoRegistration registration, IoEvent event) {
            int got = 1;
            for (int i = 0; i < MOST_IN_TURN && got != -Errno.EAGAIN.number(); i++) {
                got = memory.read();
                if (isOver(got)) {
                    registration.cancel();
                    return;
                }
            }
        }

        @Override
        public void unregistered() {
            memory.close();
            leave();
        }

        /** The loop ends. */
        @Override
        public void close() {
            // What is mounted ends with its process, or when somebody unmounts it.
        }
    }
}
