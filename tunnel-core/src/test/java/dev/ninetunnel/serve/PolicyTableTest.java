package dev.ninetunnel.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.endpoint.Granted;
import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.export.Export;
import dev.ninetunnel.export.Grant.Access;
import dev.ninetunnel.export.Grant;
import dev.ninetunnel.export.Rights;
import dev.ninetunnel.fs.ChangeWatch;
import dev.ninetunnel.fs.local.LocalTrees;
import dev.ninetunnel.lease.Granter;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rerror;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rlopen;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Ropen;
import dev.ninetunnel.wire.message.Rwalk;
import dev.ninetunnel.wire.message.Stat;
import dev.ninetunnel.wire.message.Tattach;
import dev.ninetunnel.wire.message.Tauth;
import dev.ninetunnel.wire.message.Tchecksum;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tcopyrange;
import dev.ninetunnel.wire.message.Tcreate;
import dev.ninetunnel.wire.message.Tfallocate;
import dev.ninetunnel.wire.message.Tflush;
import dev.ninetunnel.wire.message.Tfsync;
import dev.ninetunnel.wire.message.Tgetattr;
import dev.ninetunnel.wire.message.Tgetlock;
import dev.ninetunnel.wire.message.Tlcreate;
import dev.ninetunnel.wire.message.Tlink;
import dev.ninetunnel.wire.message.Tlist;
import dev.ninetunnel.wire.message.Tlock;
import dev.ninetunnel.wire.message.Tlopen;
import dev.ninetunnel.wire.message.Tlseek;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tmkdir;
import dev.ninetunnel.wire.message.Tmknod;
import dev.ninetunnel.wire.message.Topen;
import dev.ninetunnel.wire.message.Tput;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Treaddir;
import dev.ninetunnel.wire.message.Treadlink;
import dev.ninetunnel.wire.message.Tremove;
import dev.ninetunnel.wire.message.Trename;
import dev.ninetunnel.wire.message.Trenameat2;
import dev.ninetunnel.wire.message.Trenameat;
import dev.ninetunnel.wire.message.Tsetattr;
import dev.ninetunnel.wire.message.Tstat;
import dev.ninetunnel.wire.message.Tstatfs;
import dev.ninetunnel.wire.message.Tsymlink;
import dev.ninetunnel.wire.message.Ttmpfile;
import dev.ninetunnel.wire.message.Tunlinkat;
import dev.ninetunnel.wire.message.Tversion;
import dev.ninetunnel.wire.message.Twalk;
import dev.ninetunnel.wire.message.Twrite;
import dev.ninetunnel.wire.message.Twstat;
import dev.ninetunnel.wire.message.Txattrcreate;
import dev.ninetunnel.wire.message.Txattrwalk;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a peer may do, message by message: each is sent on fids that were bound when all was allowed, after the rights have
 * become what the column says.
 */
class PolicyTableTest {
    /** The fids of the peer, in 9P2000.L and, 20 higher, in 9P2000. */
    private static final int TOP = 0;
    private static final int FILE = 1;
    private static final int OPEN = 2;
    private static final int DIRECTORY = 3;
    private static final int LISTED = 4;
    private static final int LINK = 5;
    private static final int PLAIN = 20;
    private static final int FRESH = 9;
    private static final Text NEW = Text.of("new");

    /** An own user is named in speak-for, a foreign one is not. */
    enum Column {
        NONE_OWN, NONE_FOREIGN, RO_OWN, RO_FOREIGN, RW_OWN, RW_FOREIGN;

        boolean none() {
            return this == NONE_OWN || this == NONE_FOREIGN;
        }

        Optional<Grant> grant() {
            String user = name().endsWith("OWN") ? "u" : "somebody else";
            return none()
                    ? Optional.empty()
                    : Optional.of(new Grant(name().startsWith("RO") ? Access.READ_ONLY : Access.READ_WRITE, "",
                            List.of(user), Optional.empty()));
        }
    }

    /** What becomes of a message, but for those that are about no file. */
    enum Kind {
        /** Changes something. */
        CHANGES,
        /** Is what one does who may write, and changes nothing. */
        WRITERS,
        /** Changes nothing. */
        LOOKS,
        /** Allowed whatever the rights are. */
        ALWAYS,
        /** Enters. */
        ENTERS,
        /** Is never to be had. */
        NO_AUTH
    }

    record Row(String name, Tmessage message, Kind kind) {
        static Row of(Tmessage message, Kind kind) {
            return new Row(message.toString(), message, kind);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static List<Row> rows() {
        ByteBuf data = Unpooled.wrappedBuffer(new byte[]{'x'});
        Stat untouched = stat(Text.EMPTY);
        return List.of(
                Row.of(new Tstatfs(FILE), Kind.LOOKS),
                Row.of(new Tlopen(FILE, 0), Kind.LOOKS),
                Row.of(new Tlopen(FILE, 1), Kind.CHANGES),
                Row.of(new Tlopen(FILE, 2), Kind.CHANGES),
                Row.of(new Tlopen(FILE, 01000), Kind.CHANGES),
                Row.of(new Tlcreate(DIRECTORY, NEW, 0, 0644, 0), Kind.CHANGES),
                Row.of(new Tsymlink(TOP, NEW, Text.of("x"), 0), Kind.CHANGES),
                Row.of(new Tmknod(TOP, NEW, 0100644, 0, 0, 0), Kind.CHANGES),
                Row.of(new Trename(FILE, TOP, NEW), Kind.CHANGES),
                Row.of(new Treadlink(LINK), Kind.LOOKS),
                Row.of(new Tgetattr(FILE, -1), Kind.LOOKS),
                Row.of(new Tsetattr(FILE, 1, 0600, 0, 0, 0, 0, 0, 0, 0), Kind.CHANGES),
                Row.of(new Txattrwalk(FILE, FRESH, Text.EMPTY), Kind.LOOKS),
                Row.of(new Txattrcreate(FILE, Text.of("user.x"), 1, 0), Kind.CHANGES),
                Row.of(new Treaddir(LISTED, 0, 4096), Kind.LOOKS),
                Row.of(new Tfsync(OPEN, 0), Kind.LOOKS),
                Row.of(new Tlock(OPEN, 0, 0, 0, 1, 1, Text.of("h")), Kind.LOOKS),
                Row.of(new Tlock(OPEN, 1, 0, 0, 1, 1, Text.of("h")), Kind.WRITERS),
                Row.of(new Tlock(OPEN, 2, 0, 0, 1, 1, Text.of("h")), Kind.LOOKS),
                Row.of(new Tgetlock(OPEN, 1, 0, 1, 1, Text.of("h")), Kind.LOOKS),
                Row.of(new Tgetlock(OPEN, 0, 0, 1, 1, Text.of("h")), Kind.LOOKS),
                Row.of(new Tlink(TOP, FILE, NEW), Kind.CHANGES),
                Row.of(new Tmkdir(TOP, NEW, 0755, 0), Kind.CHANGES),
                Row.of(new Trenameat(TOP, Text.of("f"), TOP, NEW), Kind.CHANGES),
                Row.of(new Trenameat2(TOP, Text.of("f"), TOP, NEW, 0), Kind.CHANGES),
                Row.of(new Trenameat2(TOP, Text.of("f"), TOP, NEW, 1), Kind.CHANGES),
                Row.of(new Trenameat2(TOP, Text.of("f"), TOP, Text.of("link"), 2), Kind.CHANGES),
                Row.of(new Tfallocate(OPEN, 0, 0, 10), Kind.CHANGES),
                Row.of(new Tfallocate(OPEN, 3, 0, 1), Kind.CHANGES),
                Row.of(new Tlseek(OPEN, 0, 3), Kind.LOOKS),
                Row.of(new Tchecksum(OPEN, 0, 1), Kind.LOOKS),
                Row.of(new Tlist(TOP, Text.of("sub"), 0, 4096, 0, List.of()), Kind.LOOKS),
                Row.of(new Tcopyrange(OPEN, 10, OPEN, 0, 1), Kind.CHANGES),
                Row.of(new Ttmpfile(DIRECTORY, 2, 0600, 0), Kind.CHANGES),
                Row.of(new Tput(TOP, NEW, Text.of("part"), 1, 0644, -1, 0, 0, data.duplicate()), Kind.CHANGES),
                Row.of(new Tunlinkat(TOP, Text.of("f"), 0), Kind.CHANGES),
                Row.of(new Tversion(8192, Text.of("9P2000.L")), Kind.ALWAYS),
                Row.of(new Tauth(FRESH, Text.of("u"), Text.of("files"), OptionalInt.of(-1)), Kind.NO_AUTH),
                Row.of(new Tattach(FRESH, Frame.NOFID, Text.of("u"), Text.of("files"), OptionalInt.of(-1)),
                        Kind.ENTERS),
                Row.of(new Tattach(FRESH, Frame.NOFID, Text.of("u"), Text.of("files"), OptionalInt.empty()),
                        Kind.ENTERS),
                Row.of(new Tflush(77), Kind.ALWAYS),
                Row.of(new Twalk(TOP, FRESH, List.of(Text.of("f"))), Kind.LOOKS),
                Row.of(new Twalk(TOP, FRESH, List.of()), Kind.LOOKS),
                Row.of(new Tread(OPEN, 0, 10), Kind.LOOKS),
                Row.of(new Twrite(OPEN, 0, data.duplicate()), Kind.CHANGES),
                Row.of(new Tclunk(OPEN), Kind.ALWAYS),
                Row.of(new Tremove(FILE), Kind.CHANGES),
                Row.of(new Topen(PLAIN + FILE, 0), Kind.LOOKS),
                Row.of(new Topen(PLAIN + FILE, 3), Kind.LOOKS),
                Row.of(new Topen(PLAIN + FILE, 1), Kind.CHANGES),
                Row.of(new Topen(PLAIN + FILE, 2), Kind.CHANGES),
                Row.of(new Topen(PLAIN + FILE, 0x10), Kind.CHANGES),
                Row.of(new Topen(PLAIN + FILE, 0x40), Kind.CHANGES),
                Row.of(new Tcreate(PLAIN + DIRECTORY, NEW, 0644, 0, Optional.empty()), Kind.CHANGES),
                Row.of(new Tread(PLAIN + OPEN, 0, 10), Kind.LOOKS),
                Row.of(new Twrite(PLAIN + OPEN, 0, data.duplicate()), Kind.CHANGES),
                Row.of(new Tstat(PLAIN + FILE), Kind.LOOKS),
                Row.of(new Twstat(PLAIN + FILE, untouched), Kind.LOOKS),
                Row.of(new Twstat(PLAIN + FILE, stat(NEW)), Kind.CHANGES),
                Row.of(new Tclunk(PLAIN + OPEN), Kind.ALWAYS),
                Row.of(new Tremove(PLAIN + FILE), Kind.CHANGES));
    }

    private static Stat stat(Text name) {
        return new Stat(0xFFFF, -1, new Qid(0xFF, -1, -1), -1, -1, -1, -1, name, Text.EMPTY, Text.EMPTY, Text.EMPTY,
                Optional.empty());
    }

    static Stream<Arguments> table() {
        return rows().stream().flatMap(row -> Arrays.stream(Column.values()).map(c -> Arguments.of(row, c)));
    }

    @TempDir
    private Path dir;
    private final ChangeWatch watch = LocalTrees.watch().orElse(ChangeWatch.NONE);

    @AfterEach
    void close() {
        watch.close();
    }

    private List<Export> granted(Optional<Grant> files) {
        Map<String, Grant> grants = new LinkedHashMap<>();
        files.ifPresent(grant -> grants.put("files", grant));
        grants.put("other", Grant.ALL);
        return Granted.of(List.of(FarSide.directory("files", dir.resolve("files")),
                FarSide.directory("other", dir.resolve("other"))), new Rights(grants, Rights.Limits.STANDARD, true));
    }

    private FarSide world() throws IOException {
        Path files = Files.createDirectories(dir.resolve("files/sub")).getParent();
        Files.createDirectories(dir.resolve("other"));
        Files.writeString(files.resolve("f"), "content");
        Files.createSymbolicLink(files.resolve("link"), Path.of("f"));
        FarSide far = new FarSide(true, ServerLimits.STANDARD,
                granted(Optional.of(Grant.ALL)).toArray(Export[]::new));
        far.hold(new Granter(far.loop, watch, Runnable::run, 10, 10));
        far.attach(TOP, "files");
        far.attachPlain(PLAIN + TOP, "files");
        for (int base : new int[]{0, PLAIN}) {
            for (int fid : new int[]{FILE, OPEN, DIRECTORY, LISTED, LINK}) {
                String name = fid == LINK ? "link" : fid == FILE || fid == OPEN ? "f" : "sub";
                assertThat(far.walk(base + TOP, base + fid, name)).isInstanceOf(Rwalk.class);
            }
        }
        far.ask(Rlopen.class, new Tlopen(OPEN, 2));
        far.ask(Rlopen.class, new Tlopen(LISTED, 0));
        far.ask(Ropen.class, new Topen(PLAIN + OPEN, 2));
        return far;
    }

    @ParameterizedTest(name = "{1}: {0}")
    @MethodSource("table")
    @DisplayName("S20 each message does what the peer's rights allow now, and is refused with the error that says why")
    void eachMessage(Row row, Column column) throws IOException {
        try (FarSide far = world()) {
            far.exports.change(granted(column.grant())).apply();
            Optional<Errno> expected = expected(row.kind(), column);
            Rmessage answer = row.message() instanceof Tversion ? far.version("9P2000.L") : far.ask(row.message());
            if (expected.isPresent()) {
                assertThat(error(answer)).isEqualTo(expected.get());
            } else {
                assertThat(answer).isNotInstanceOfAny(Rlerror.class, Rerror.class);
            }
            boolean touched = row.kind() == Kind.CHANGES && column == Column.RW_OWN;
            if (!touched) {
                assertThat(dir.resolve("files/f")).hasContent("content");
                assertThat(dir.resolve("files/new")).doesNotExist();
                assertThat(dir.resolve("files/sub/new")).doesNotExist();
            }
        }
    }

    private static Optional<Errno> expected(Kind kind, Column column) {
        if (kind == Kind.ALWAYS) {
            return Optional.empty();
        }
        if (kind == Kind.NO_AUTH) {
            return Optional.of(Errno.ENOENT);
        }
        return switch (column) {
            case NONE_OWN, NONE_FOREIGN -> Optional.of(kind == Kind.ENTERS ? Errno.ENOENT : Errno.ESTALE);
            case RO_FOREIGN, RW_FOREIGN -> Optional.of(Errno.EPERM);
            case RO_OWN -> switch (kind) {
                case CHANGES -> Optional.of(Errno.EROFS);
                case WRITERS -> Optional.of(Errno.EBADF);
                default -> Optional.empty();
            };
            case RW_OWN -> Optional.empty();
        };
    }

    private static Errno error(Rmessage answer) {
        return switch (answer) {
            case Rlerror e -> Errno.of(e.ecode());
            case Rerror e -> Errno.of(e.ename().utf8());
            default -> throw new AssertionError("no error, but " + answer);
        };
    }

    @Test
    @DisplayName("the table has every type of request")
    void whole() {
        Function<Row, MessageType> type = row -> {
            ByteBuf frame = Unpooled.buffer();
            row.message().write(frame, 1);
            return MessageType.withLeases(frame);
        };
        Set<MessageType> all = EnumSet.allOf(MessageType.class);
        all.removeIf(t -> !t.isRequest() || (t.isOfLeases() && t != MessageType.TLIST));
        assertThat(rows().stream().map(type).distinct().toList()).containsExactlyInAnyOrderElementsOf(all);
    }

    @Test
    @DisplayName("a peer that is granted a part of an export is shown that as all there is")
    void part() throws IOException {
        Path files = Files.createDirectories(dir.resolve("files/a/b")).getParent();
        Files.writeString(files.resolve("b/f"), "inside");
        Files.writeString(dir.resolve("files/secret"), "outside");
        List<Export> part = Granted.of(List.of(FarSide.directory("files", dir.resolve("files"))), new Rights(
                Map.of("files", new Grant(Access.READ_WRITE, "a/b", List.of(), Optional.empty())),
                Rights.Limits.STANDARD, true));
        try (FarSide far = new FarSide(true, ServerLimits.STANDARD, part.toArray(Export[]::new))) {
            far.version("9P2000.L");
            far.attach(0, "");
            assertThat(((Rwalk) far.walk(0, 1, "f")).qids()).hasSize(1);
            assertThat(far.walk(0, 2, "..", "secret")).isInstanceOf(Rwalk.class)
                    .extracting(r -> ((Rwalk) r).qids().size()).isEqualTo(1);
            assertThat(far.attach(3, "files/f")).isNotInstanceOf(Rlerror.class);
            assertThat(far.attach(4, "files/../../secret")).isEqualTo(new Rlerror(2));
            assertThat(far.attach(4, dir.resolve("files").toString())).as("outside of it").isEqualTo(new Rlerror(2));
            assertThat(far.attach(4, dir.resolve("files/secret").toString())).isEqualTo(new Rlerror(2));
            assertThat(far.attach(4, dir.resolve("files/a/b/f").toString())).isNotInstanceOf(Rlerror.class);
        }
    }

    @Test
    @DisplayName("what is not granted is in no listing, and the listing follows the rights")
    void listing() throws IOException {
        try (FarSide far = world()) {
            far.attach(40, "");
            assertThat(far.walk(40, 41, "files")).isInstanceOf(Rwalk.class);
            far.exports.change(granted(Optional.empty())).apply();
            assertThat(far.walk(40, 42, "files")).isEqualTo(new Rlerror(2));
            assertThat(far.walk(40, 43, "other")).isInstanceOf(Rwalk.class);
        }
    }
}
