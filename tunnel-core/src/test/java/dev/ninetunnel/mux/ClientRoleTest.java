package dev.ninetunnel.mux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.message.Rclunk;
import dev.ninetunnel.wire.message.Tclunk;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ClientRoleTest {
    @Test
    @DisplayName("a client attaches, walks and clunks")
    void aClientAttachesWalksAndClunks() {
        try (Bench bench = Bench.open()) {
            var client = bench.client(Dialect.LINUX);
            client.attach(0);
            int fid = client.walk(0, 7, "a", "b");
            client.send(9, new Tclunk(7));
            var asked = bench.far.one();
            assertThat(asked.message()).isEqualTo(new Tclunk(fid));
            bench.far.reply(asked.tag(), new Rclunk());
            assertThat(client.reply(9)).isEqualTo(new Rclunk());
            assertThat(bench.role.fids()).isEqualTo(1);
        }
    }
}
