package dev.ninetunnel.cache;

import static dev.ninetunnel.cache.Stage.A;
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
import dev.ninetunnel.wire.message.DirectoryEntry;
import dev.ninetunnel.wire.message.ListedEntry;
import dev.ninetunnel.wire.message.Rclunk;
import dev.ninetunnel.wire.message.Rcopyrange;
import dev.ninetunnel.wire.message.Rfallocate;
import dev.ninetunnel.wire.message.Rgetattr;
import dev.ninetunnel.wire.message.Rlcreate;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rlist;
import dev.ninetunnel.wire.message.Rlopen;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rmkdir;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Rput;
import dev.ninetunnel.wire.message.Rreaddir;
import dev.ninetunnel.wire.message.Rremove;
import dev.ninetunnel.wire.message.Rrename;
import dev.ninetunnel.wire.message.Rrenameat2;
import dev.ninetunnel.wire.message.Rsymlink;
import dev.ninetunnel.wire.message.Rtmpfile;
import dev.ninetunnel.wire.message.Runlinkat;
import dev.ninetunnel.wire.message.Rwalk;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tcopyrange;
import dev.ninetunnel.wire.message.Tfallocate;
import dev.ninetunnel.wire.message.Tgetattr;
import dev.ninetunnel.wire.message.Tlcreate;
import dev.ninetunnel.wire.message.Tlist;
import dev.ninetunnel.wire.message.Tlopen;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tmkdir;
import dev.ninetunnel.wire.message.Tput;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Treaddir;
import dev.ninetunnel.wire.message.Tremove;
import dev.ninetunnel.wire.message.Trename;
import dev.ninetunnel.wire.message.Trenameat2;
import dev.ninetunnel.wire.message.Tsymlink;
import dev.ninetunnel.wire.message.Ttmpfile;
import dev.ninetunnel.wire.message.Tunlinkat;
import dev.ninetunnel.wire.message.Twalk;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Optional;
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
        client.listsNothing();
        stage.one(Twalk.class).reply(new Rlerror(Errno.ENOENT.number()), N, Stage.LEASE + 1);
        client.got(1, Rlerror.class);
    }

    private static <R extends Rmessage> void change(Stage stage, Stage.Client client, Tmessage request, R reply) {
        client.send(5, request);
        stage.one(request.getClass()).reply(reply);
        client.got(5, reply.getClass());
    }

    private static void isAskedFor(Stage stage, Stage.Client client, Tmessage request) {
        isAskedFor(stage, client, request, request.getClass());
    }

    private static void isAskedFor(Stage stage, Stage.Client client, Tmessage request,
            Class<? extends Tmessage> asked) {
        client.send(6, request);
        stage.next(asked);
        List.copyOf(stage.asked).forEach(Stage.Asking::lose);
    }

    @Test
    @DisplayName("Trenameat2 changes two names and what they stood for, Tput one, Tfallocate and Tcopyrange their file, and no other")
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
        try (Stage stage = new Stage()) {
            Stage.Client client = stage.attached();
            know(stage, client, "f", "g");
            change(stage, client, put("f", 0), new Rput(file(9)));
            isAskedFor(stage, client, walk(0, 8, "f"));
            isAskedFor(stage, client, getattr(1));
            client.here(getattr(2), Rgetattr.class);
        }
    }

    @Test
    @DisplayName("what is put where nothing may be replaced is sent at once, whatever is known of its name")
    void putNew() {
        try (Stage stage = new Stage()) {
            Stage.Client client = stage.attached();
            client.send(5, put("f", Tput.NO_REPLACE));
            client.send(6, put("g", Tput.NO_REPLACE));
            assertThat(stage.asked).hasSize(2).allMatch(asked -> asked.message instanceof Tput);
            stage.next(Tput.class).reply(new Rput(file(9)));
            stage.next(Tput.class).reply(new Rlerror(Errno.EEXIST.number()));
            client.got(5, Rput.class);
            client.got(6, Rlerror.class);
            isAskedFor(stage, client, walk(0, 8, "f"));
        }
    }

    private static Tput put(String name, int flags) {
        return new Tput(0, Text.of(name), Text.of("part"), flags, 0644, -1, 0, 0, Unpooled.EMPTY_BUFFER);
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

    private static Tunlinkat unlink(String name) {
        return new Tunlinkat(0, Text.of(name), 0);
    }

    /** The names of the root are asked back, and given up. */
    private static void breakRoot(Stage stage) {
        assertThat(stage.breaks(1, A | N)[0]).isTrue();
    }

    @Test
    @DisplayName("of a name that is not known the far side is asked what it stands for, before it is removed; all else stays known")
    void unknownName() {
        try (Stage stage = new Stage()) {
            Stage.Client client = stage.attached();
            know(stage, client, "f", "g");
            breakRoot(stage);
            client.send(5, unlink("f"));
            stage.one(Twalk.class).reply(walked(FILE));
            stage.next(Tclunk.class).reply(new Rclunk());
            client.send(6, read(1));
            assertThat(stage.asked).as("of the file nothing is answered meanwhile").hasSize(2);
            client.here(getattr(2), Rgetattr.class);
            stage.next(Tunlinkat.class).reply(new Runlinkat());
            client.got(5, Runlinkat.class);
            stage.one(Tread.class).grant(data("f"), 5);
            client.got(6, Rread.class);
            isAskedFor(stage, client, getattr(1));
            client.here(getattr(2), Rgetattr.class);
            assertThat(client.here(read(2), Rread.class)).isEqualTo(data("g"));
        }
    }

    @Test
    @DisplayName("a name that stands for nothing is removed without any file being forgotten, and one that cannot be asked for forgets all")
    void unknownNameOfNothing() {
        for (Errno errno : List.of(Errno.ENOENT, Errno.EMFILE)) {
            try (Stage stage = new Stage()) {
                Stage.Client client = stage.attached();
                know(stage, client, "f");
                breakRoot(stage);
                client.send(5, unlink("none"));
                stage.one(Twalk.class).reply(new Rlerror(errno.number()));
                stage.one(Tunlinkat.class).reply(new Rlerror(Errno.ENOENT.number()));
                client.got(5, Rlerror.class);
                client.send(6, getattr(1));
                assertThat(stage.asked).hasSize(errno == Errno.ENOENT ? 0 : 1);
            }
        }
    }

    @Test
    @DisplayName("what is asked while a removal goes by an unknown name, or by one that has become unsure, is not kept")
    void nothingIsKeptMeanwhile() {
        for (boolean known : List.of(false, true)) {
            try (Stage stage = new Stage()) {
                Stage.Client client = stage.attached();
                client.readFile(1, "f", FILE, "f");
                client.walk(2, "g", file(6));
                if (!known) {
                    breakRoot(stage);
                }
                client.send(5, unlink("f"));
                if (known) {
                    stage.breaks(1, A | N);
                } else {
                    stage.one(Twalk.class).reply(walked(FILE));
                    stage.next(Tclunk.class).reply(new Rclunk());
                }
                client.send(6, getattr(2));
                stage.next(Tgetattr.class).grant(attributes(file(6), 1), 6);
                client.got(6, Rgetattr.class);
                stage.one(Tunlinkat.class).reply(new Runlinkat());
                client.got(5, Runlinkat.class);
                isAskedFor(stage, client, getattr(2));
            }
        }
    }

    @Test
    @DisplayName("changes of other names in the same directory leave a name known; one of that name does not")
    void sideBySide() {
        try (Stage stage = new Stage()) {
            Stage.Client client = stage.attached();
            know(stage, client, "f", "g", "h");
            client.send(5, unlink("f"));
            client.send(6, unlink("g"));
            assertThat(stage.asked).extracting(asking -> asking.message).containsExactly(unlink("f"), unlink("g"));
            client.send(7, unlink("f"));
            assertThat(stage.asked.getLast().message).isInstanceOf(Twalk.class);
            stage.next(Twalk.class).reply(new Rlerror(Errno.ENOENT.number()));
            for (int tag = 5; tag <= 7; tag++) {
                stage.next(Tunlinkat.class).reply(new Runlinkat());
                client.got(tag, Runlinkat.class);
            }
            client.here(getattr(3), Rgetattr.class);
        }
    }

    @Test
    @DisplayName("to make what must not be there yet asks for nothing, and forgets the directory alone")
    void creations() {
        try (Stage stage = new Stage()) {
            Stage.Client client = stage.attached();
            know(stage, client, "f");
            client.here(walk(0, 3), Rwalk.class);
            breakRoot(stage);
            change(stage, client, new Tmkdir(0, Text.of("d"), 0755, 0), new Rmkdir(Stage.ROOT));
            change(stage, client, new Tsymlink(0, Text.of("s"), Text.of("f"), 0), new Rsymlink(file(8)));
            client.here(getattr(1), Rgetattr.class);
            client.send(5, new Tlcreate(3, Text.of("f"), 01002, 0644, 0));
            while (stage.asked.stream().anyMatch(asking -> asking.message instanceof Twalk)) {
                Twalk walk = (Twalk) stage.next(Twalk.class).message;
                stage.next(Twalk.class).reply(walk.names().isEmpty() ? walked() : walked(FILE));
            }
            stage.next(Tlcreate.class).reply(new Rlcreate(FILE, 0));
            client.got(5, Rlcreate.class);
            List.copyOf(stage.asked).forEach(Stage.Asking::lose);
            isAskedFor(stage, client, read(1));
        }
    }

    @Test
    @DisplayName("Tremove and Trename, which do not say where the file is, forget its directory if that is known, else all; and no other file")
    void placesThatAreNotTold() {
        try (Stage stage = new Stage()) {
            Stage.Client client = stage.attached();
            Qid directory = new Qid(Qid.DIRECTORY, 1, 20);
            client.walk(3, "d", directory);
            client.send(1, walk(3, 9, "none"));
            stage.one(Twalk.class).reply(new Rlerror(Errno.ENOENT.number()), N, Stage.LEASE + 20);
            client.got(1, Rlerror.class);
            knowAbsent(stage, client, "h");
            know(stage, client, "f", "g");
            change(stage, client, new Trename(1, 0, Text.of("h")), new Rrename());
            client.here(getattr(2), Rgetattr.class);
            client.here(walk(3, 8, "none"), Rlerror.class);
            isAskedFor(stage, client, getattr(1));
            isAskedFor(stage, client, walk(0, 8, "f"));

            change(stage, client, new Tremove(1), new Rremove());
            assertThat(client.here(read(2), Rread.class)).isEqualTo(data("g"));
            isAskedFor(stage, client, walk(3, 8, "none"));
        }
    }

    @Test
    @DisplayName("a directory that was listed when nothing else was known of it is forgotten like any other by a change in it")
    void listedFromNothing() {
        try (Stage stage = new Stage()) {
            Stage.Client client = stage.attached();
            client.here(walk(0, 3), Rwalk.class);
            client.send(1, new Tlopen(3, 0));
            stage.next(Twalk.class).reply(walked());
            breakRoot(stage);
            stage.one(Tlopen.class).reply(new Rlopen(Stage.ROOT, 0));
            client.got(1, Rlopen.class);
            client.send(2, new Treaddir(3, 0, 1000));
            stage.one(Tlist.class).reply(empty());
            client.got(2, Rreaddir.class);
            client.here(new Treaddir(3, 0, 1000), Rreaddir.class);
            change(stage, client, new Tmkdir(0, Text.of("d"), 0755, 0), new Rmkdir(new Qid(Qid.DIRECTORY, 1, 20)));
            isAskedFor(stage, client, new Treaddir(3, 0, 1000), Tlist.class);
        }
    }

    private static Rlist empty() {
        ByteBuf out = Unpooled.buffer();
        for (String name : List.of(".", "..")) {
            DirectoryEntry entry = new DirectoryEntry(Stage.ROOT, name.length(), DirectoryEntry.DIRECTORY,
                    Text.of(name));
            new ListedEntry(entry, Optional.empty()).write(out);
        }
        return new Rlist(A | N, Stage.LEASE + 1, 0, out);
    }
}
