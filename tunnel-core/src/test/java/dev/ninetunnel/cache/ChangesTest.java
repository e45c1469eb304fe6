package dev.ninetunnel.cache;

import static dev.ninetunnel.cache.Stage.N;
import static dev.ninetunnel.cache.Stage.attributes;
import static dev.ninetunnel.cache.Stage.data;
import static dev.ninetunnel.cache.Stage.file;
import static dev.ninetunnel.cache.Stage.getattr;
import static dev.ninetunnel.cache.Stage.read;
import static dev.ninetunnel.cache.Stage.walk;
import static dev.ninetunnel.cache.Stage.walked;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rcopyrange;
import dev.ninetunnel.wire.message.Rfallocate;
import dev.ninetunnel.wire.message.Rgetattr;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Rrenameat2;
import dev.ninetunnel.wire.message.Rtmpfile;
import dev.ninetunnel.wire.message.Rwalk;
import dev.ninetunnel.wire.message.Tcopyrange;
import dev.ninetunnel.wire.message.Tfallocate;
import dev.ninetunnel.wire.message.Tgetattr;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Trenameat2;
import dev.ninetunnel.wire.message.Ttmpfile;
import dev.ninetunnel.wire.message.Twalk;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a change by a local client makes wrong of what is known, and what it leaves. */
class ChangesTest {
    private static final Qid FILE = file(5);

    /** All that can be known of these files: fids 1, 2 and so on, with inodes 5, 6 and so on. */
    private static void know(Stage stage, Stage.Client client, String... names) {
        for (int i = 0; i < names.length; i++) {
            client.readFile(1 + i, names[i], file(5 + i), names[i]);
        }
        for (int i = 0; i < names.length; i++) {
            client.send(4, getattr(1 + i));
            stage.one(Tgetattr.class).grant(attributes(file(5 + i), 1), 5 + i);
            client.got(4, Rgetattr.class);
        }
    }

    private static void knowAbsent(Stage stage, Stage.Client client, String name) {
        client.send(1, walk(0, 9, name));
        stage.one(Twalk.class).reply(new Rlerror(Errno.ENOENT.number()), N, Stage.LEASE + 1);
        client.got(1, Rlerror.class);
    }

    private static <R extends Rmessage> void change(Stage stage, Stage.Client client, Tmessage request, R reply) {
        client.send(5, request);
        stage.one(request.getClass()).reply(reply);
        client.got(5, reply.getClass());
    }

    private static void isAskedFor(Stage stage, Stage.Client client, Tmessage request) {
        client.send(6, request);
        stage.next(request.getClass());
        List.copyOf(stage.asked).forEach(Stage.Asking::lose);
    }

    @Test
    @DisplayName("Trenameat2 changes two names and what they stood for, Tfallocate and Tcopyrange their file, and no other")
    void messagesOfOurOwn() {
        try (Stage stage = new Stage()) {
            Stage.Client client = stage.attached();
            know(stage, client, "f", "g");
            change(stage, client, new Tfallocate(1, 0, 0, 100), new Rfallocate());
            isAskedFor(stage, client, getattr(1));
            isAskedFor(stage, client, read(1));
            client.here(getattr(2), Rgetattr.class);
            change(stage, client, new Tcopyrange(2, 0, 1, 0, 100), new Rcopyrange(1));
            isAskedFor(stage, client, read(2));
        }
        try (Stage stage = new Stage()) {
            Stage.Client client = stage.attached();
            know(stage, client, "f", "g", "h");
            change(stage, client, new Trenameat2(0, Text.of("f"), 0, Text.of("g"), 2), new Rrenameat2());
            isAskedFor(stage, client, walk(0, 8, "f"));
            isAskedFor(stage, client, getattr(1));
            isAskedFor(stage, client, getattr(2));
            client.here(getattr(3), Rgetattr.class);
            assertThat(client.here(read(3), Rread.class)).isEqualTo(data("h"));
        }
    }

    @Test
    @DisplayName("with Ttmpfile a fid becomes a new file, of which nothing is known, and the directory stays known")
    void unnamedFile() {
        try (Stage stage = new Stage()) {
            Stage.Client client = stage.attached();
            knowAbsent(stage, client, "none");
            client.here(walk(0, 1), Rwalk.class);
            client.send(5, new Ttmpfile(1, 2, 0600, 0));
            while (stage.asked.getFirst().message instanceof Twalk) {
                stage.next(Twalk.class).reply(walked());
            }
            stage.one(Ttmpfile.class).reply(new Rtmpfile(FILE, 0));
            client.got(5, Rtmpfile.class);
            isAskedFor(stage, client, getattr(1));
            client.send(6, read(1));
            stage.one(Tread.class).grant(data(""), 5);
            client.got(6, Rread.class);
            client.here(walk(0, 2, "none"), Rlerror.class);
        }
    }
}
