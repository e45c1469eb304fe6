package dev.ninetunnel.endpoint.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.ninetunnel.link.Transport;
import dev.ninetunnel.testing.Libc;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Changes of a network of the test's own, which only its thread is in. Takes root, and ip(8). */
class NetworkNoticesTest {
    private static final Path IP = Path.of("/usr/sbin/ip");

    private static void ip(String... arguments) {
        try {
            String[] command = new String[arguments.length + 1];
            command[0] = IP.toString();
            System.arraycopy(arguments, 0, command, 1, arguments.length);
            assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @DisplayName("an address that comes, a route, and an address that goes are each told of, and a swarm of changes as one")
    void changes() throws Exception {
        assumeThat(Files.isExecutable(IP)).isTrue();
        EventLoopGroup loops = Transport.newLoops(1);
        try (var network = Executors.newSingleThreadExecutor()) {
            assumeThat(network.submit(() -> new Libc().ownNetwork()).get()).isTrue();
            Semaphore told = new Semaphore(0);
            AtomicInteger count = new AtomicInteger();
            network.submit(() -> NetworkNotices.begin(loops.next(), () -> {
                count.incrementAndGet();
                told.release();
            })).get();
            CompletableFuture.runAsync(() -> {
                ip("link", "set", "lo", "up");
                ip("address", "add", "192.0.2.1/24", "dev", "lo");
            }, network).get();
            awaitOne(told);
            told.drainPermits();
            CompletableFuture.runAsync(() -> ip("route", "add", "198.51.100.0/24", "dev", "lo"), network).get();
            awaitOne(told);
            told.drainPermits();
            int before = count.get();
            CompletableFuture.runAsync(() -> ip("address", "del", "192.0.2.1/24", "dev", "lo"), network).get();
            awaitOne(told);
            assertThat(count.get()).isEqualTo(before + 1);
        } finally {
            loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).sync();
        }
    }

    private static void awaitOne(Semaphore told) throws InterruptedException {
        assertThat(told.tryAcquire(2, TimeUnit.MINUTES)).as("told of a change").isTrue();
    }
}
