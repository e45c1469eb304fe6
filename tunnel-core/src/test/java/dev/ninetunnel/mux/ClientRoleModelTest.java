package dev.ninetunnel.mux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.MalformedMessageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Clients that send anything, against a server that forgives nothing, for many steps. What a seed has done once it
 * does again: put the seed of a failure among the values, and look.
 */
class ClientRoleModelTest {
    private static final int STEPS = 6000;
    private static final int CLIENTS = 6;

    /** Small, so that requests wait for every one of them. */
    private static final ClientLimits TIGHT = new ClientLimits(Duration.ofSeconds(10), Duration.ofSeconds(2), 64, 5, 9,
            8192, 24_576, 40_960, 3);

    private final List<ModelClient> clients = new ArrayList<>();
    private StrictServer server;
    private Random random;
    private Bench bench;
    private int named;
    private int replies;

    /** Two at least: an even one has tight limits. */
    static LongStream seeds() {
        return LongStream.rangeClosed(1, Long.getLong("model.seeds", 8));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @DisplayName("M1-M14 whatever clients do, the server sees one faultless client, and nothing is left")
    void whateverClientsDo(long seed) {
        random = new Random(seed);
        try (Bench bench = new Bench(seed % 2 == 0 ? TIGHT : ClientLimits.standard())) {
            this.bench = bench;
            open();
            for (int step = 0; step < STEPS; step++) {
                try {
                    step();
                    server.check();
                } catch (AssertionError | RuntimeException e) {
                    throw new AssertionError("seed " + seed + ", step " + step + ": " + e.getMessage(), e);
                }
            }
            end();
        }
    }

    private void open() {
        server = new StrictServer(random, bench.role::accept);
        bench.role.open(new RemoteParameters(Bench.MSIZE, EnumSet.of(Dialect.PLAIN, Dialect.LINUX)), server);
        bench.settle();
    }

    private void step() {
        int choice = random.nextInt(1000);
        if (choice < 5) {
            int i = clients.isEmpty() ? 0 : random.nextInt(clients.size());
            if (!clients.isEmpty()) {
                hangUp(clients.remove(i));
            }
        } else if (choice < 7 && !clients.isEmpty()) {
            sendGarbage(clients.remove(random.nextInt(clients.size())));
        } else if (choice < 8) {
            bench.role.lost("the test says so");
            bench.settle();
            List<ModelClient> gone = clients.stream().filter(client -> !client.client.isOpen()).toList();
            gone.forEach(this::hangUp);
            clients.removeAll(gone);
            clients.forEach(ModelClient::hasLostNothing);
            clients.forEach(ModelClient::listen);
            open();
            clients.forEach(ModelClient::listen);
        } else if (choice < 20) {
            server.sendUnexpected();
            bench.role.endOfBatch();
        } else if (choice < 550 && !server.isIdle()) {
            for (int n = 1 + random.nextInt(4); n > 0; n--) {
                server.answerOne();
            }
            bench.role.endOfBatch();
            bench.settle();
            clients.forEach(ModelClient::listen);
        } else {
            if (clients.size() < CLIENTS) {
                clients.add(new ModelClient(bench.connect(), "c" + named++, random));
            }
            clients.get(random.nextInt(clients.size())).act();
        }
    }

    private void hangUp(ModelClient client) {
        replies += client.replies;
        client.client.hangUp();
        client.client.got();
    }

    private void sendGarbage(ModelClient client) {
        try {
            client.client.raw(out -> out.writeIntLE(3).writeInt(random.nextInt()));
        } catch (MalformedMessageException e) {
            throw new AssertionError("it is for the log alone", e);
        }
        assertThat(client.client.isOpen()).as("L2 open after garbage").isFalse();
        hangUp(client);
    }

    /** All hang up; the server goes on answering; nothing is left. */
    private void end() {
        clients.forEach(this::hangUp);
        clients.clear();
        while (!server.isIdle()) {
            server.answerOne();
            bench.role.endOfBatch();
            bench.settle();
            server.check();
        }
        assertThat(server.fids()).as("M12 fids at the server").isEmpty();
        assertThat(bench.role.tags()).as("M12 tags").isZero();
        assertThat(bench.role.fids()).as("M12 fids").isZero();
        assertThat(bench.role.localClients()).isZero();
        assertThat(bench.role.unexpectedReplies()).as("L3").isPositive();
        assertThat(replies).as("replies that clients checked").isGreaterThan(1000);
    }
}
