package dev.ninetunnel.export;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ninetunnel.fs.Caller;
import dev.ninetunnel.fs.FileTree;
import dev.ninetunnel.fs.portable.PortableTree;
import dev.ninetunnel.serve.FarSide;
import dev.ninetunnel.serve.ServerLimits;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rattach;
import dev.ninetunnel.wire.message.Rclunk;
import dev.ninetunnel.wire.message.Rcreate;
import dev.ninetunnel.wire.message.Rerror;
import dev.ninetunnel.wire.message.Rgetattr;
import dev.ninetunnel.wire.message.Rlcreate;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rlopen;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rmkdir;
import dev.ninetunnel.wire.message.Rmknod;
import dev.ninetunnel.wire.message.Rsetattr;
import dev.ninetunnel.wire.message.Rsymlink;
import dev.ninetunnel.wire.message.Rwalk;
import dev.ninetunnel.wire.message.Rwrite;
import dev.ninetunnel.wire.message.Rwstat;
import dev.ninetunnel.wire.message.Stat;
import dev.ninetunnel.wire.message.Tattach;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tcreate;
import dev.ninetunnel.wire.message.Tgetattr;
import dev.ninetunnel.wire.message.Tlcreate;
import dev.ninetunnel.wire.message.Tlopen;
import dev.ninetunnel.wire.message.Tmkdir;
import dev.ninetunnel.wire.message.Tmknod;
import dev.ninetunnel.wire.message.Topen;
import dev.ninetunnel.wire.message.Tremove;
import dev.ninetunnel.wire.message.Trename;
import dev.ninetunnel.wire.message.Trenameat;
import dev.ninetunnel.wire.message.Tsetattr;
import dev.ninetunnel.wire.message.Tsymlink;
import dev.ninetunnel.wire.message.Tunlinkat;
import dev.ninetunnel.wire.message.Twrite;
import dev.ninetunnel.wire.message.Twstat;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Exports that act as the user of the attach, or as one. Users of this machine are {@code daemon} (1, of group 1) and
 * {@code games} (5, of group 60), which every Debian has, and numbers that no account has.
 */
class ActingUsersTest {
    private static final int EPERM = 1;
    private static final int ENOENT = 2;
    private static final int EACCES = 13;
    private static final int NONE = -1;
    private static final int NO_GROUP = 65534;

    @TempDir
    Path dir;

    @BeforeEach
    void asRoot() throws IOException {
        assumeTrue((Integer) Files.getAttribute(dir, "unix:uid") == 0, "acting as others needs root");
        mode(dir, 0755);
        mode(Files.createDirectory(dir.resolve("open")), 01777);
        mode(Files.writeString(dir.resolve("secret"), "secret"), 0600);
        Path team = Files.createDirectory(dir.resolve("team"));
        Files.setAttribute(team, "unix:gid", 60);
        mode(team, 02775);
    }

    private static void mode(Path path, int mode) throws IOException {
        Files.setAttribute(path, "unix:mode", mode);
    }

    private static Export as(String name, Path path, RunAsRule runAsRule) {
        return new Export(name, new Export.Target.Directory(path, ExportOptions.ALL.withAs(runAsRule)));
    }

    private FarSide far(RunAsRule runAsRule) throws IOException {
        FarSide far = new FarSide(true, ServerLimits.STANDARD, as("files", dir, runAsRule));
        far.version("9P2000.L");
        return far;
    }

    private FarSide attaching(String users) throws IOException {
        return far(new RunAsRule.Attach(UserList.parse(users)));
    }

    private static Rmessage attach(FarSide far, int fid, String uname, int number) {
        return far.ask(new Tattach(fid, Frame.NOFID, Text.of(uname), Text.EMPTY, OptionalInt.of(number)));
    }

    private static Rmessage attachPlain(FarSide far, int fid, String uname) {
        return far.ask(new Tattach(fid, Frame.NOFID, Text.of(uname), Text.EMPTY, OptionalInt.empty()));
    }

    private List<Integer> owner(String name) throws IOException {
        return List.of((Integer) Files.getAttribute(dir.resolve(name), "unix:uid"),
                (Integer) Files.getAttribute(dir.resolve(name), "unix:gid"));
    }

    @ParameterizedTest
    @DisplayName("an attach is by n_uname, else by uname, which may be a number; who is not listed is refused")
    @CsvSource({"daemon, -1, 1", "'', 1, 1", "games, 1, 1", "games, -1, 5", "61500, -1, 61500", "'', 61500, 61500",
            "root, -1, -1", "root, 1, 1", "daemon, 0, -1", "'', 0, -1", "0, -1, -1", "'', -1, -1", "nobody, -1, -1",
            "no such user, -1, -1", "bin, -1, -1", "'', 2, -1", "4294967295, -1, -1", "99999999999999, -1, -1",
            "'', 61000, -1"})
    void whoIsLetIn(String uname, int number, int uid) throws IOException {
        try (FarSide far = attaching("daemon:games:61500-61599")) {
            Rmessage answer = attach(far, 0, uname, number);
            if (uid == NONE) {
                assertThat(answer).isEqualTo(new Rlerror(EPERM));
                assertThat(far.errno(new Tgetattr(0, 0))).as("the fid is not bound").isEqualTo(9);
                return;
            }
            assertThat(answer).isInstanceOf(Rattach.class);
            far.walk(0, 1, "open");
            far.ask(Rlcreate.class, new Tlcreate(1, Text.of("f"), 1, 0644, uid));
            assertThat(owner("open/f").getFirst()).isEqualTo(uid);
        }
    }

    @Test
    @DisplayName("root is let in where it is named")
    void root() throws IOException {
        try (FarSide far = attaching("root:daemon")) {
            attach(far, 0, "", 0);
            far.walk(0, 1, "secret");
            far.ask(Rlopen.class, new Tlopen(1, 2));
            far.ask(Rsetattr.class, new Tsetattr(1, 6, 0, 5, 60, 0, 0, 0, 0, 0));
            assertThat(owner("secret")).containsExactly(5, 60);
            far.ask(Rmkdir.class, new Tmkdir(0, Text.of("given"), 0755, 60));
            assertThat(owner("given")).as("root may give to any group").containsExactly(0, 60);
        }
    }

    @Test
    @DisplayName("in 9P2000 a refusal says so in words")
    void refusedInWords() throws IOException {
        try (FarSide far = attaching("games")) {
            assertThat(((Rerror) attachPlain(far, 0, "daemon")).ename().utf8()).isEqualTo("Operation not permitted");
        }
    }

    @Test
    @DisplayName("a policy says who may be claimed, as a function of the user's number")
    void rule() throws IOException {
        try (FarSide far = far(new RunAsRule.Attach(uid -> uid % 2 == 1))) {
            assertThat(attach(far, 0, "", 61501)).isInstanceOf(Rattach.class);
            assertThat(attach(far, 1, "", 61502)).isEqualTo(new Rlerror(EPERM));
        }
    }

    @Test
    @DisplayName("each fid acts as the user of the attach that it was walked from")
    void eachFidItsUser() throws IOException {
        try (FarSide far = attaching("daemon:games")) {
            attach(far, 0, "daemon", NONE);
            attach(far, 10, "games", NONE);
            far.walk(0, 1, "open");
            far.walk(10, 11, "open");
            far.walk(1, 2);
            far.ask(Rlcreate.class, new Tlcreate(2, Text.of("d"), 2, 0600, 1));
            far.walk(11, 12, "d");
            assertThat(far.errno(new Tlopen(12, 0))).isEqualTo(EACCES);
            assertThat(far.errno(new Tsetattr(12, 1, 0666, 0, 0, 0, 0, 0, 0, 0))).isEqualTo(EPERM);
            assertThat(far.errno(new Tsetattr(12, 8, 0, 0, 0, 0, 0, 0, 0, 0))).isEqualTo(EACCES);
            assertThat(far.errno(new Tsetattr(2, 2, 0, 5, 0, 0, 0, 0, 0, 0))).as("chown").isEqualTo(EPERM);
            assertThat(far.errno(new Tsetattr(2, 4, 0, 0, 60, 0, 0, 0, 0, 0))).as("chgrp").isEqualTo(EPERM);
            assertThat(far.errno(new Tunlinkat(11, Text.of("d"), 0))).as("sticky").isEqualTo(EPERM);
            assertThat(far.errno(new Trenameat(11, Text.of("d"), 11, Text.of("e")))).as("sticky").isEqualTo(EPERM);
            assertThat(far.errno(new Trename(12, 11, Text.of("e")))).as("sticky").isEqualTo(EPERM);
            far.walk(11, 13, "d");
            assertThat(far.errno(new Tremove(13))).as("sticky").isEqualTo(EPERM);
            assertThat(far.errno(new Tmkdir(0, Text.of("x"), 0755, 1))).isEqualTo(EACCES);
            far.walk(0, 3, "secret");
            assertThat(far.errno(new Tlopen(3, 0))).isEqualTo(EACCES);
            assertThat(far.ask(Rgetattr.class, new Tgetattr(3, 0)).uid()).as("owners are shown as they are").isZero();
            far.ask(Rwrite.class, new Twrite(2, 0, Unpooled.copiedBuffer("of daemon", UTF_8)));
            far.ask(Rclunk.class, new Tclunk(2));
            assertThat(dir.resolve("open/d")).hasContent("of daemon");
        }
    }

    @Test
    @DisplayName("a directory that a user may not search is closed to walks, whoever has been there before")
    void search() throws IOException {
        Files.createDirectories(dir.resolve("open/closed/sub"));
        mode(dir.resolve("open/closed"), 0700);
        Files.setAttribute(dir.resolve("open/closed"), "unix:uid", 1);
        try (FarSide far = attaching("daemon:games")) {
            attach(far, 0, "daemon", NONE);
            attach(far, 10, "games", NONE);
            assertThat(((Rwalk) far.walk(0, 1, "open", "closed", "sub")).qids()).hasSize(3);
            assertThat(((Rwalk) far.walk(10, 11, "open", "closed", "sub")).qids()).hasSize(2);
            far.walk(10, 12, "open", "closed");
            assertThat(far.walk(12, 13, "sub")).isEqualTo(new Rlerror(EACCES));
            assertThat(far.errno(new Tlopen(12, 0))).isEqualTo(EACCES);
        }
    }

    @Test
    @DisplayName("what is made is of the group asked for, if this machine has the user in it, and in a set-group-ID "
            + "directory of that one's")
    void groups() throws IOException {
        try (FarSide far = attaching("daemon:games:61500-61599")) {
            attach(far, 0, "games", NONE);
            attach(far, 10, "", 61500);
            far.walk(0, 1, "open");
            far.walk(10, 11, "open");
            far.ask(Rmkdir.class, new Tmkdir(1, Text.of("own"), 0755, 60));
            far.ask(Rmkdir.class, new Tmkdir(1, Text.of("other"), 0755, 0));
            far.ask(Rsymlink.class, new Tsymlink(1, Text.of("link"), Text.of("x"), 1));
            far.ask(Rmknod.class, new Tmknod(1, Text.of("fifo"), 0010644, 0, 0, 60));
            for (String made : List.of("own", "other", "fifo")) {
                assertThat(owner("open/" + made)).as(made).containsExactly(5, 60);
            }
            far.ask(Rmkdir.class, new Tmkdir(11, Text.of("stranger"), 0755, 60));
            assertThat(owner("open/stranger")).containsExactly(61500, NO_GROUP);
            far.walk(0, 2, "team");
            far.ask(Rmkdir.class, new Tmkdir(2, Text.of("sub"), 0755, 5));
            assertThat(owner("team/sub")).containsExactly(5, 60);
            assertThat((Integer) Files.getAttribute(dir.resolve("team/sub"), "unix:mode") & 07777).isEqualTo(02755);
            far.walk(10, 12, "team");
            assertThat(far.errno(new Tmkdir(12, Text.of("x"), 0755, 60))).isEqualTo(EACCES);
            assertThat(far.errno(new Tmknod(1, Text.of("null"), 0020666, 1, 3, 60))).as("a device").isEqualTo(EPERM);
        }
    }

    @Test
    @DisplayName("groups beside the first one count, for access and for what is made")
    void supplementary() throws IOException {
        try (FarSide far = far(new RunAsRule.One(new Caller.User(61500, 61501, List.of(61501, 60))))) {
            attach(far, 0, "whoever", 0);
            far.walk(0, 1, "team");
            far.ask(Rlcreate.class, new Tlcreate(1, Text.of("f"), 1, 0640, 0));
            assertThat(owner("team/f")).containsExactly(61500, 60);
            far.walk(0, 2, "open");
            far.ask(Rlcreate.class, new Tlcreate(2, Text.of("f"), 1, 0640, 60));
            assertThat(owner("open/f")).as("as one, the peer has no say").containsExactly(61500, 61501);
        }
    }

    @Test
    @DisplayName("as one user, whoever asks is that one")
    void asOne() throws IOException {
        try (FarSide far = far(RunAsRule.One.of("games"))) {
            attach(far, 0, "root", 0);
            attachPlain(far, 10, "root");
            far.walk(0, 1, "secret");
            assertThat(far.errno(new Tlopen(1, 0))).isEqualTo(EACCES);
            far.walk(10, 11, "secret");
            assertThat(far.words(new Topen(11, 0))).isEqualTo("Permission denied");
            far.walk(10, 12, "open");
            far.ask(Rcreate.class, new Tcreate(12, Text.of("f"), 0644, 1, Optional.empty()));
            assertThat(owner("open/f")).containsExactly(5, 60);
        }
        assertThatThrownBy(() -> RunAsRule.One.of("no such user")).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("getent");
    }

    @Test
    @DisplayName("9P2000 acts as the user of its attach in wstat, create and remove, too")
    void plain() throws IOException {
        try (FarSide far = attaching("daemon:games")) {
            attachPlain(far, 0, "daemon");
            attachPlain(far, 10, "games");
            far.walk(0, 1, "open");
            far.ask(Rcreate.class, new Tcreate(1, Text.of("f"), 0644, 1, Optional.empty()));
            assertThat(owner("open/f")).containsExactly(1, 1);
            far.walk(10, 11, "open", "f");
            assertThat(far.words(new Topen(11, 1))).isEqualTo("Permission denied");
            assertThat(far.words(new Twstat(11, changing(0666, -1, Text.EMPTY, Text.EMPTY))))
                    .isEqualTo("Operation not permitted");
            assertThat(far.words(new Twstat(11, changing(-1, 1, Text.EMPTY, Text.EMPTY))))
                    .isEqualTo("Permission denied");
            assertThat(far.words(new Twstat(11, changing(-1, -1, Text.of("g"), Text.EMPTY))))
                    .isEqualTo("Operation not permitted");
            assertThat(far.words(new Tremove(11))).isEqualTo("Operation not permitted");
            far.walk(0, 2, "open", "f");
            assertThat(far.words(new Twstat(2, changing(-1, -1, Text.EMPTY, Text.of("games")))))
                    .isEqualTo("Operation not permitted");
            far.ask(Rwstat.class, new Twstat(2, changing(0600, -1, Text.of("g"), Text.EMPTY)));
            assertThat(dir.resolve("open/g")).exists();
        }
    }

    private static Stat changing(int mode, long length, Text name, Text group) {
        return new Stat(0xFFFF, -1, new Qid(0xFF, -1, -1), mode, -1, -1, length, name, Text.EMPTY, group, Text.EMPTY,
                Optional.empty());
    }

    @Test
    @DisplayName("of several exports each says for itself whom it lets in, by walks from their root, too")
    void several() throws IOException {
        Path other = Files.createDirectory(dir.resolve("other"));
        mode(other, 0777);
        try (FarSide far = new FarSide(true, ServerLimits.STANDARD,
                as("one", dir, new RunAsRule.Attach(UserList.parse("daemon"))),
                as("two", other, RunAsRule.One.of("games")))) {
            far.version("9P2000.L");
            attach(far, 0, "daemon", NONE);
            attach(far, 10, "bin", NONE);
            assertThat(far.walk(10, 11, "one")).isEqualTo(new Rlerror(EPERM));
            assertThat(far.walk(10, 11, "three")).isEqualTo(new Rlerror(ENOENT));
            far.walk(10, 12, "two");
            far.ask(Rlcreate.class, new Tlcreate(12, Text.of("f"), 1, 0644, 0));
            assertThat(owner("other/f")).containsExactly(5, 60);
            far.walk(0, 1, "one", "secret");
            assertThat(far.errno(new Tlopen(1, 0))).isEqualTo(EACCES);
            far.walk(0, 2, "two", "..", "one", "open");
            far.ask(Rlcreate.class, new Tlcreate(2, Text.of("f"), 1, 0644, 1));
            assertThat(owner("open/f")).containsExactly(1, 1);
        }
    }

    @Test
    @DisplayName("a tree that cannot act as others is refused at start, in words")
    void portable() throws IOException {
        try (FileTree tree = PortableTree.open(dir)) {
            for (RunAsRule runAsRule : List.of(new RunAsRule.Attach(uid -> true), RunAsRule.One.of("games"))) {
                assertThatThrownBy(() -> new UserMapping("files", runAsRule).check(tree))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContainingAll("\"files\"", "root", "CAP_SETUID", "as=");
            }
            new UserMapping("files", RunAsRule.SELF).check(tree);
            new UserMapping("files", RunAsRule.One.of("root")).check(tree);
        }
    }
}
