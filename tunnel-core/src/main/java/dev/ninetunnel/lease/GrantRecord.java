package dev.ninetunnel.lease;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which peers may hold leases of this endpoint, in a file of its run directory: for an endpoint that is started after this one has
 * been killed. A line a peer: its id, and for how many milliseconds a granter waits for it. The file is locked while its endpoint
 * runs, and removed when none is out at the end. Any thread, one at a time.
 */
public final class GrantRecord implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GrantRecord.class);
    private static final String PREFIX = "leases-";
    /** Whoever there was before the host was started: it may have taken the directory along. */
    private static final String ANYBODY = "";

    private final Path directory;
    private final List<Path> ofKilled = new ArrayList<>();
    private final Map<String, Duration> left = new HashMap<>();
    private final Map<String, Duration> peers = new HashMap<>();
    private Path file;
    private FileChannel channel;

    /**
     * Reads what endpoints with this run directory have left that run no more.
     *
     * @param directory need not be there before the first {@link #add}
     * @param up for how long the host has been up
     * @param term for how long a lease is good at most
     */
    public GrantRecord(Path directory, Duration up, Duration term) {
        this.directory = directory;
        Duration more = LeaseTable.patience(term).minus(up);
        if (more.isPositive()) {
            left.put(ANYBODY, more);
        }
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, PREFIX + "*")) {
                files.forEach(this::read);
            } catch (IOException e) {
                LOG.warn("{} cannot be read, so it is not known who may hold leases of an endpoint that was killed",
                        directory, e);
            }
        }
    }

    private void read(Path of) {
        try (FileChannel other = FileChannel.open(of, StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileLock lock = other.tryLock()) {
            if (lock != null) {
                Files.readAllLines(of, StandardCharsets.US_ASCII).forEach(this::read);
                ofKilled.add(of);
            }
        } catch (OverlappingFileLockException e) {
            LOG.debug("{} is of another endpoint in this process", of);
        } catch (IOException e) {
            LOG.warn("{} cannot be read, so it is not known who may hold leases of an endpoint that was killed", of, e);
        }
    }

    /** A line that was not written to its end is of a peer that had been granted nothing. */
    private void read(String line) {
        String[] words = line.split(" ", -1);
        if (words.length == 2 && words[1].matches("[0-9]{1,9}")) {
            left.merge(words[0], Duration.ofMillis(Long.parseLong(words[1])), GrantRecord::longer);
        }
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    /** Peers that may hold leases of an endpoint that runs no more, and for how long from now. */
    Map<String, Duration> left() {
        return Map.copyOf(left);
    }

    /** Nobody holds one of these any more. */
    void forgetLeft() {
        for (Path of : ofKilled) {
            try {
                Files.deleteIfExists(of);
            } catch (IOException e) {
                LOG.warn("{} cannot be removed: the next start waits for leases that nobody holds", of, e);
            }
        }
        ofKilled.clear();
    }

    /** A peer may hold leases from now on, for which a granter has to wait for so long. */
    void add(String peer, Duration patience) {
        Duration before = peers.put(peer, patience);
        if (before != null && before.compareTo(patience) >= 0) {
            return;
        }
        try {
            open();
            write(List.of(peer));
        } catch (IOException e) {
            LOG.warn(
                    "{}: it cannot be written who holds leases. If this endpoint is killed, caches of peers may be old for "
                            + "{} s",
                    directory, patience.toSeconds(), e);
        }
    }

    private void open() throws IOException {
        if (channel == null) {
            file = Files.createTempFile(directory, PREFIX, "");
            channel = FileChannel.open(file, StandardOpenOption.WRITE);
            channel.lock();
        }
    }

    private void write(Collection<String> of) throws IOException {
        StringBuilder lines = new StringBuilder();
        of.forEach(peer -> lines.append(peer).append(' ').append(peers.get(peer).toMillis()).append('\n'));
        ByteBuffer bytes = StandardCharsets.US_ASCII.encode(lines.toString());
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** The endpoint ends, and these peers may hold leases beyond that. */
    void end(Collection<String> holding) {
        if (channel == null) {
            return;
        }
        try {
            if (holding.isEmpty()) {
                Files.deleteIfExists(file);
            } else {
                channel.truncate(0);
                write(holding);
            }
        } catch (IOException e) {
            LOG.debug("{} stays as it is", file, e);
        } finally {
            close();
        }
    }

    /** As if the endpoint were killed. */
    @Override
    public void close() {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            LOG.debug("{} cannot be closed", file, e);
        }
    }
}
