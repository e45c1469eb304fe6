package dev.ninetunnel.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ByteChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A blocking connection: a thread cuts what comes in into frames and puts them into a queue. */
final class ByteStream implements FrameStream {
    /** How long a test waits for something that must come. */
    static final Duration PATIENCE = Duration.ofMinutes(2);

    private final ByteChannel connection;
    private final LinkedBlockingQueue<Optional<Received>> frames = new LinkedBlockingQueue<>();
    private boolean ended;

    ByteStream(ByteChannel connection) {
        this.connection = connection;
        Thread.ofVirtual().name("frames of a test").start(this::readAll);
    }

    private void readAll() {
        try {
            while (true) {
                byte[] size = read(4);
                if (size == null) {
                    break;
                }
                int length = ByteBuffer.wrap(size).order(ByteOrder.LITTLE_ENDIAN).getInt();
                byte[] rest = length < 7 ? null : read(length - 4);
                if (rest == null) {
                    break;
                }
                frames.add(Optional.of(Received.of(ByteBuffer.allocate(length).put(size).put(rest).array())));
            }
        } catch (IOException _) {
            // A reset is an end too.
        }
        frames.add(Optional.empty());
    }

    private byte[] read(int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes);
        while (buffer.hasRemaining()) {
            if (connection.read(buffer) < 0) {
                return null;
            }
        }
        return buffer.array();
    }

    @Override
    public void send(byte[] bytes) {
        try {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                connection.write(buffer);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Received next() {
        try {
            return ended ? null : orEnd(frames.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while waiting for a frame", e);
        }
    }

    @Override
    public Received nextIfThere() {
        return ended ? null : orEnd(frames.poll());
    }

    /** What was taken from the queue: nothing, a frame, or (empty) the mark behind the last one. */
    private Received orEnd(Optional<Received> taken) {
        ended = taken != null && taken.isEmpty();
        return taken == null ? null : taken.orElse(null);
    }

    @Override
    public boolean ended() {
        return ended;
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
