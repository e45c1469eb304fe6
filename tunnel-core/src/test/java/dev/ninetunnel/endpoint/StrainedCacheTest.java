package dev.ninetunnel.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ninetunnel.cache.port.HolderStatus;
import dev.ninetunnel.client.Progress;
import dev.ninetunnel.client.RemoteFiles;
import dev.ninetunnel.client.RemotePath;
import dev.ninetunnel.testing.EndpointPair;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A cache of 1 MiB between real endpoints, with more than it can keep, or what changes while it is asked for. */
@EnabledOnOs(OS.LINUX)
class StrainedCacheTest {
    private static final int CACHE = 1 << 20;
    private static final int CHUNK = 64 << 10;

    @TempDir
    private Path folder;
    private Path south;
    private EndpointPair pair;
    private RemoteFiles files;

    @BeforeEach
    void open() throws Exception {
        south = folder.resolve("south");
        pair = new EndpointPair(folder, List.of(), List.of(EndpointPair.directory(south)),
                EndpointConfig.Limits.DEFAULT.withCache(CACHE));
        pair.link();
        files = EndpointPair.connect(pair.southsFiles());
    }

    @AfterEach
    void close() {
        files.close();
        pair.close();
    }

    private HolderStatus cache() {
        return pair.north().status().peers().getFirst().cache().orElseThrow();
    }

    private byte[] read(String name) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        files.read(RemotePath.of(name), out, Progress.NONE);
        return out.toByteArray();
    }

    @Test
    @DisplayName("of more files than there is room for, each is read right, again and again, and what is kept stays within its bound")
    void full() throws Exception {
        int count = 60;
        for (int i = 0; i < count; i++) {
            Files.write(south.resolve("f" + i), filled(i));
        }
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < count; i++) {
                assertThat(read("f" + i)).isEqualTo(filled(i));
                assertThat(cache().bytes()).isLessThanOrEqualTo(CACHE);
            }
        }
        assertThat(read("f59")).isEqualTo(filled(59));
        assertThat(cache().hits()).isPositive();
    }

    private static byte[] filled(int with) {
        byte[] content = new byte[CHUNK];
        Arrays.fill(content, (byte) with);
        return content;
    }

    @Test
    @DisplayName("a file that a program of the host appends to while it is read ahead is read as it is, and to its new end by who asks then")
    void grows() throws Exception {
        int chunks = 100;
        Path growing = south.resolve("growing");
        Files.write(growing, filled(0));
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        files.read(RemotePath.of("growing"), new OutputStream() {
            private int grown = 1;

            @Override
            public void write(int one) throws IOException {
                write(new byte[]{(byte) one}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int from, int count) throws IOException {
                seen.write(bytes, from, count);
                if (grown < chunks) {
                    Files.write(growing, filled(grown++), StandardOpenOption.APPEND);
                }
            }
        }, Progress.NONE);
        byte[] whole = Files.readAllBytes(growing);
        assertThat(seen.size()).isGreaterThanOrEqualTo(CHUNK);
        assertThat(seen.toByteArray()).isEqualTo(Arrays.copyOf(whole, seen.size()));
        assertThat(read("growing")).isEqualTo(whole);
        Files.write(growing, filled(1), StandardOpenOption.APPEND);
        await().atMost(Duration.ofMinutes(2)).until(() -> read("growing").length == whole.length + CHUNK);
    }

    @Tag("long")
    @Test
    @DisplayName("a directory of 200,000 entries is listed whole, twice, and what is kept stays within its bound")
    void manyNames() throws Exception {
        int count = 200_000;
        Path many = Files.createDirectory(south.resolve("many"));
        for (int i = 0; i < count; i++) {
            Files.createFile(many.resolve("f" + i));
        }
        for (int round = 0; round < 2; round++) {
            assertThat(files.list(RemotePath.of("many")).stream().map(each -> each.name().toString()).distinct())
                    .hasSize(count);
            assertThat(cache().bytes()).isLessThanOrEqualTo(CACHE);
        }
        Files.writeString(many.resolve("f7"), "content");
        assertThat(read("many/f7")).asString().isEqualTo("content");
    }
}
