package dev.ninetunnel.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ninetunnel.client.RemoteFiles;
import dev.ninetunnel.client.RemotePath;
import dev.ninetunnel.testing.EndpointPair;
import dev.ninetunnel.testing.Relay;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody on the way between two endpoints, without any key, who wants to end what people do. */
class InjectionTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final List<byte[]> BYTES = List.of(HexFormat.of().parseHex("1703030000"),
            HexFormat.of().parseHex("15030300020100"), "GET /\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

    @TempDir
    private Path folder;

    @Test
    @DisplayName("bytes put between two records cost a link and no session: programs of both sides go on where they were")
    void sessionGoesOn() throws Exception {
        try (EndpointPair pair = new EndpointPair(folder, List.of(EndpointPair.directory(folder.resolve("north"))),
                List.of(EndpointPair.directory(folder.resolve("south"))))) {
            Files.writeString(folder.resolve("north").resolve("file"), "north");
            Files.writeString(folder.resolve("south").resolve("file"), "south");
            try (Relay relay = pair.linkThroughRelay();
                    RemoteFiles souths = EndpointPair.connect(pair.southsFiles());
                    RemoteFiles norths = EndpointPair.connect(pair.northsFiles())) {
                for (byte[] bytes : BYTES) {
                    for (Relay.Way way : Relay.Way.values()) {
                        int before = relay.connections();
                        relay.inject(way, bytes);
                        await().atMost(PATIENCE).until(() -> relay.connections() > before);
                        pair.awaitLinked();
                        assertThat(souths.status(RemotePath.of("file")).size()).isEqualTo(5);
                        assertThat(norths.status(RemotePath.of("file")).size()).isEqualTo(5);
                    }
                }
            }
        }
    }
}
