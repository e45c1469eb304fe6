package dev.ninetunnel.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ninetunnel.client.Progress;
import dev.ninetunnel.client.RemoteFiles;
import dev.ninetunnel.client.RemotePath;
import dev.ninetunnel.testing.EndpointPair;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fifty local clients on each side, at once, on one TCP connection. */
class SharedLinkIT {
    private static final int CLIENTS = 50;
    private static final int FILE_BYTES = 300_000;
    private static final List<Path> CONNECTIONS = List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));

    @TempDir
    private Path folder;

    @Test
    void fiftyLocalClientsOnEachSideShareOneConnection() throws Exception {
        assumeTrue(CONNECTIONS.stream().allMatch(Files::isReadable), "this system does not list its connections");
        try (EndpointPair pair = EndpointPair.linked(folder);
                ExecutorService all = Executors.newFixedThreadPool(2 * CLIENTS)) {
            CountDownLatch attached = new CountDownLatch(2 * CLIENTS);
            CountDownLatch counted = new CountDownLatch(1);
            List<Future<?>> work = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                int number = i;
                work.add(all.submit(() -> use(pair.southsFiles(), number, attached, counted)));
                work.add(all.submit(() -> use(pair.northsFiles(), number, attached, counted)));
            }
            attached.await();
            long connections = connections(pair.address().getPort());
            counted.countDown();
            assertThat(connections).isEqualTo(1);
            for (Future<?> one : work) {
                one.get();
            }
            assertThat(connections(pair.address().getPort())).isEqualTo(1);
            pair.awaitNothingLeft();
        }
    }

    /** Writes a file, reads it back, renames and removes it. */
    private static Void use(Path socket, int number, CountDownLatch attached, CountDownLatch counted) throws Exception {
        byte[] content = new byte[FILE_BYTES];
        new Random(number).nextBytes(content);
        try (RemoteFiles files = EndpointPair.connect(socket)) {
            RemotePath first = RemotePath.of("file-" + number);
            files.write(first, new ByteArrayInputStream(content), 0600, content.length, Progress.NONE);
            attached.countDown();
            counted.await();
            RemotePath second = RemotePath.of("renamed-" + number);
            files.rename(first, second);
            ByteArrayOutputStream read = new ByteArrayOutputStream();
            files.read(second, read, Progress.NONE);
            assertThat(read.toByteArray()).isEqualTo(content);
            assertThat(files.status(second).size()).isEqualTo(FILE_BYTES);
            files.remove(second);
        }
        return null;
    }

    /** How many connections that were accepted at this port are established (their state is 01). */
    private static long connections(int port) throws IOException {
        String local = String.format(Locale.ROOT, ":%04X", port);
        long established = 0;
        for (Path list : CONNECTIONS) {
            try (var lines = Files.lines(list)) {
                established += lines.map(line -> line.strip().split("\\s+"))
                        .filter(words -> words[1].endsWith(local) && words[3].equals("01"))
                        .count();
            }
        }
        return established;
    }
}
