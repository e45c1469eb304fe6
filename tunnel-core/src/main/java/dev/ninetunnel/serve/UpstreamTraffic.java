package dev.ninetunnel.serve;

import dev.ninetunnel.export.Export;
import dev.ninetunnel.link.BoundedLog;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MalformedMessageException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/**
 * Carries frames to and from an upstream server on two threads of its own, which block as they like. Frames to be sent are
 * handed in by {@link #send}, from any thread; what arrives, and the end, is told to the listener on those threads.
 */
final class UpstreamTraffic {
    /** Hears of frames. */
    interface Listener {
        /** Frames have come; they belong to the listener. */
        void received(List<ByteBuf> frames);

        /** It is over. Told once. */
        void ended(IOException why);
    }

    private static final int MOST_AT_ONCE = 64;

    private final Export.Address address;
    private final BoundedLog log;
    private final int msize;
    private final Listener listener;
    private final LinkedBlockingQueue<ByteBuf> toSend = new LinkedBlockingQueue<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile UpstreamPipe pipe;
    private volatile Thread writer;

    UpstreamTraffic(Export.Address address, BoundedLog log, int msize, Listener listener) {
        this.address = address;
        this.log = log;
        this.msize = msize;
        this.listener = listener;
    }

    void start() {
        thread("upstream-in", this::readAll);
    }

    private static Thread thread(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Sends a frame, which is the traffic's from here on. */
    void send(ByteBuf frame) {
        toSend.add(frame);
        if (over.get()) {
            releaseUnsent();
        }
    }

    /** Ends it; the listener hears nothing more. */
    void close() {
        if (over.compareAndSet(false, true)) {
            shut();
        }
    }

    private void fail(IOException why) {
        if (over.compareAndSet(false, true)) {
            shut();
            listener.ended(why);
        }
    }

    private void shut() {
        UpstreamPipe open = pipe;
        if (open != null) {
            open.close();
        }
        Thread w = writer;
        if (w != null) {
            w.interrupt();
        }
        releaseUnsent();
    }

    private void releaseUnsent() {
        for (ByteBuf frame = toSend.poll(); frame != null; frame = toSend.poll()) {
            frame.release();
        }
    }

    private void readAll() {
        try {
            UpstreamPipe opened = UpstreamPipe.open(address, log);
            pipe = opened;
            if (over.get()) {
                opened.close();
                return;
            }
            writer = thread("upstream-out", this::writeAll);
            readFrames(opened);
        } catch (MalformedMessageException e) {
            fail(new IOException("it does not speak 9P: " + e.getMessage(), e));
        } catch (IOException e) {
            fail(e);
        } catch (Throwable e) {
            fail(new IOException("this is a fault in the program, or it has too little memory: " + e, e));
        }
    }

    private void readFrames(UpstreamPipe from) throws IOException {
        ByteBuf in = ByteBufAllocator.DEFAULT.directBuffer(2 * msize);
        try {
            while (!over.get()) {
                ByteBuffer room = in.nioBuffer(in.writerIndex(), in.capacity() - in.writerIndex());
                int got = from.read(room);
                if (got < 0) {
                    throw new EOFException("it has closed the connection");
                }
                in.writerIndex(in.writerIndex() + got);
                List<ByteBuf> frames = cut(in);
                if (!frames.isEmpty()) {
                    listener.received(frames);
                }
                in.discardReadBytes();
            }
        } finally {
            in.release();
        }
    }

    /** Copies out the frames that are whole. */
    private List<ByteBuf> cut(ByteBuf in) {
        List<ByteBuf> frames = new ArrayList<>();
        while (in.readableBytes() >= 4) {
            long size = in.getUnsignedIntLE(in.readerIndex());
            if (size < Frame.HEADER || size > msize) {
                frames.forEach(ByteBuf::release);
                throw new MalformedMessageException("a frame of " + size + " bytes");
            }
            if (in.readableBytes() < size) {
                break;
            }
            frames.add(in.readBytes((int) size));
        }
        return frames;
    }

    private void writeAll() {
        List<ByteBuf> batch = new ArrayList<>();
        try {
            while (!over.get()) {
                batch.add(toSend.take());
                toSend.drainTo(batch, MOST_AT_ONCE - 1);
                pipe.write(batch.stream().flatMap(frame -> Stream.of(frame.nioBuffers())).toArray(ByteBuffer[]::new));
                batch.forEach(ByteBuf::release);
                batch.clear();
            }
        } catch (InterruptedException e) {
            // This is how it is told that it is over.
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            fail(e);
        } catch (Throwable e) {
            fail(new IOException("this is a fault in the program, or it has too little memory: " + e, e));
        } finally {
            batch.forEach(ByteBuf::release);
            releaseUnsent();
        }
    }
}
