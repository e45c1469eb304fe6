package dev.ninetunnel.mux;

import static dev.ninetunnel.mux.Bench.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.wire.message.Rflush;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Tflush;
import dev.ninetunnel.wire.message.Tread;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** For how long a far side has answered no Tflush: what ends a link with one that never does (docs/protocol.md, 10). */
class OpenFlushesTest {
    private static final Duration WHILE = Duration.ofSeconds(10);

    @Test
    @DisplayName("where nothing is flushed nothing is owed, however long a request takes")
    void noFlush() {
        try (Bench bench = Bench.open()) {
            bench.attached().send(1, new Tread(0, 0, 10));
            bench.pass(WHILE);
            assertThat(bench.role.unansweredFlush()).isZero();
        }
    }

    @Test
    @DisplayName("what dead clients have left is owed from the first Tflush on, and an answer to any begins the time anew")
    void deadClients() {
        try (Bench bench = Bench.open()) {
            var client = bench.attached();
            client.send(1, new Tread(0, 0, 10));
            client.send(2, new Tread(0, 0, 10));
            bench.far.all();
            client.hangUp();
            var flushes = bench.far.all();
            assertThat(flushes).hasSize(2).allMatch(got -> got.message() instanceof Tflush);
            bench.pass(WHILE);
            assertThat(bench.role.unansweredFlush()).isEqualTo(WHILE);
            bench.far.reply(flushes.getFirst().tag(), new Rflush());
            assertThat(bench.role.unansweredFlush()).isZero();
            bench.pass(WHILE);
            assertThat(bench.role.unansweredFlush()).isEqualTo(WHILE);
            bench.far.reply(flushes.getLast().tag(), new Rflush());
            bench.pass(WHILE);
            assertThat(bench.role.unansweredFlush()).isZero();
        }
    }

    @Test
    @DisplayName("a far side that answers the sign of life, though not what is stuck, is not blamed")
    void stuckRequest() {
        try (Bench bench = Bench.open()) {
            var client = bench.attached();
            client.send(1, new Tread(0, 0, 10));
            client.send(2, new Tflush(1));
            bench.far.all();
            bench.pass(WHILE);
            bench.role.ping(() -> {});
            bench.far.reply(bench.far.one().tag(), new Rflush());
            assertThat(bench.role.unansweredFlush()).isZero();
        }
    }

    @Test
    @DisplayName("a reply to what was asked before the Tflush is as good as an answer, one to what came later is not")
    void inOrder() {
        try (Bench bench = Bench.open()) {
            var client = bench.attached();
            client.send(1, new Tread(0, 0, 10));
            int before = bench.far.one().tag();
            bench.role.ping(() -> {});
            client.send(2, new Tread(0, 0, 10));
            int after = bench.far.all().getLast().tag();
            bench.pass(WHILE);
            bench.far.reply(after, new Rread(bytes(10)));
            assertThat(bench.role.unansweredFlush()).isEqualTo(WHILE);
            bench.far.reply(before, new Rread(bytes(10)));
            assertThat(bench.role.unansweredFlush()).isZero();
            client.got();
        }
    }

    @Test
    @DisplayName("while there is no link nothing is owed, and on the next one the time begins anew")
    void anotherLink() {
        try (Bench bench = Bench.open()) {
            bench.role.ping(() -> {});
            bench.far.one();
            bench.pass(WHILE);
            bench.role.away();
            assertThat(bench.role.unansweredFlush()).isZero();
            bench.pass(WHILE);
            bench.role.back();
            assertThat(bench.role.unansweredFlush()).isZero();
            bench.pass(WHILE);
            assertThat(bench.role.unansweredFlush()).isEqualTo(WHILE);
        }
    }
}
