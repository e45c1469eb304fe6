package dev.ninetunnel.cache;

import static dev.ninetunnel.cache.Stage.file;
import static dev.ninetunnel.cache.Stage.read;
import static dev.ninetunnel.cache.Stage.walk;
import static dev.ninetunnel.cache.Stage.walked;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Rwalk;
import dev.ninetunnel.wire.message.Rwrite;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Twalk;
import dev.ninetunnel.wire.message.Twrite;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Local clients for which nothing is kept, beside those for which it is. */
class PassingServerTest {
    private static final Qid FILE = file(5);

    @Test
    @DisplayName("what a client of another dialect changes is never answered as it was before")
    void changes() {
        try (Stage stage = new Stage()) {
            Stage.Client client = stage.attached();
            client.readFile(1, "f", FILE, "old");
            Stage.Client other = stage.plain();
            other.send(1, new Tread(9, 0, 10));
            stage.one(Tread.class).reply(Stage.data("old"));
            other.got(1, Rread.class);
            client.here(read(1), Rread.class);

            other.send(1, new Twrite(9, 0, Unpooled.wrappedBuffer(new byte[1])));
            client.send(2, read(1));
            stage.next(Tread.class).grant(Stage.data("old"), 5);
            client.got(2, Rread.class);
            stage.one(Twrite.class).reply(new Rwrite(1));
            other.got(1, Rwrite.class);
            client.send(2, read(1));
            stage.one(Tread.class);
        }
    }

    @Test
    @DisplayName("fids that exist here only are made before it changes anything, and its requests keep their order")
    void order() {
        try (Stage stage = new Stage()) {
            Stage.Client client = stage.attached();
            client.walk(1, "f", FILE);
            client.here(walk(0, 2, "f"), Rwalk.class);
            Stage.Client other = stage.plain();
            other.send(1, new Twrite(9, 0, Unpooled.wrappedBuffer(new byte[1])));
            other.send(2, new Tread(9, 0, 10));
            stage.one(Twalk.class).reply(walked(FILE));
            assertThat(stage.asked).extracting(asking -> asking.message.getClass().getSimpleName())
                    .containsExactly("Twrite", "Tread");
        }
    }
}
