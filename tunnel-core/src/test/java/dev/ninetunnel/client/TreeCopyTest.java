package dev.ninetunnel.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ninetunnel.testing.Diod;
import dev.ninetunnel.testing.ScriptedPeer;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.DirectoryEntry;
import dev.ninetunnel.wire.message.Rgetattr;
import dev.ninetunnel.wire.message.Rreaddir;
import dev.ninetunnel.wire.message.Tgetattr;
import dev.ninetunnel.wire.message.Treaddir;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("a copy of a tree")
class TreeCopyTest {
    @TempDir
    Path room;
    private final List<String> seen = new ArrayList<>();

    private TreeCopy copy(RemoteFiles files) {
        return new TreeCopy(files, new TreeCopy.Witness() {
            @Override
            public Progress copying(RemotePath remote, Path local) {
                seen.add(remote.toString());
                return Progress.NONE;
            }

            @Override
            public void skipped(String what, String why) {
                seen.add("skipped " + what + ": " + why);
            }
        });
    }

    private static RemotePath at(String path) {
        return RemotePath.of(path);
    }

    /** What there is at and below a path: the permissions and the content of each thing. */
    private static Map<String, String> tree(Path root) throws IOException {
        Map<String, String> tree = new TreeMap<>();
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : (Iterable<Path>) all::iterator) {
                tree.put(root.relativize(path).toString(), describe(path));
            }
        }
        return tree;
    }

    private static String describe(Path path) throws IOException {
        if (Files.isSymbolicLink(path)) {
            return "-> " + Files.readSymbolicLink(path);
        }
        String permissions = PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
        return permissions + (Files.isDirectory(path)
                ? ""
                : " " + new String(Files.readAllBytes(path),
                        StandardCharsets.ISO_8859_1));
    }

    @Nested
    @DisplayName("from and to diod")
    class WithDiod {
        @Test
        void comesBackAsItWent() throws IOException {
            Path export = Files.createDirectory(room.resolve("export"));
            Path original = Files.createDirectories(room.resolve("original/a/b/c/empty")).getParent().getParent()
                    .getParent().getParent();
            byte[] data = new byte[300_000];
            new Random(1).nextBytes(data);
            Files.write(original.resolve("a/b/data"), data);
            Files.writeString(original.resolve("a/größe 世界"), "x");
            Files.writeString(original.resolve("run"), "#!/bin/sh\n");
            Files.setPosixFilePermissions(original.resolve("run"), PosixFilePermissions.fromString("rwxr-x---"));
            Files.createSymbolicLink(original.resolve("a/link"), Path.of("../nowhere at all"));
            Files.createSymbolicLink(original.resolve("a/out"), Path.of("b/data"));

            try (Diod diod = Diod.serve(export, room);
                    RemoteFiles files = RemoteFiles.connect(diod.address(), Offer.any(),
                            Login.ofThisProcess(Text.of(diod.aname())))) {
                copy(files).put(original, at("there"));
                assertThat(tree(export.resolve("there"))).isEqualTo(tree(original));
                copy(files).get(at("there"), room.resolve("back"));
                assertThat(tree(room.resolve("back"))).isEqualTo(tree(original));

                // Once more, over what is there: nothing changes, and nothing is in the way.
                Files.writeString(room.resolve("back/run"), "something longer than what it replaces");
                Files.delete(original.resolve("a/link"));
                Files.delete(original.resolve("a/out"));
                copy(files).get(at("there"), room.resolve("back"));
                copy(files).put(original, at("there"));
                assertThat(tree(room.resolve("back"))).isEqualTo(tree(export.resolve("there")));
            }
        }
    }

    @Test
    void goesThroughALinkThatTheUserNames() throws IOException {
        TinyServer server = new TinyServer(Dialect.LINUX);
        server.put("d", TinyServer.directory()).children.put(Text.of("f"), TinyServer.file(new byte[]{'x'}));
        Path real = Files.createDirectory(room.resolve("real"));
        Path link = Files.createSymbolicLink(room.resolve("link"), real);
        try (ScriptedPeer listener = ScriptedPeer.listen(room.resolve("s")).answer(server);
                RemoteFiles files = RemoteFiles.connect(listener.address(), Offer.any(),
                        new Login(Text.of("u"), 0, 0, Text.EMPTY))) {
            copy(files).get(at("d"), link);
        }
        assertThat(real.resolve("f")).hasContent("x");
        assertThat(seen).containsExactly("d/f");
    }

    @Nested
    @DisplayName("from a hostile server")
    class FromAHostileServer {
        private final TinyServer server = new TinyServer(Dialect.LINUX);
        private ScriptedPeer listener;
        private RemoteFiles files;
        private Path outside;
        private Path target;

        @BeforeEach
        void connect() throws IOException {
            outside = Files.createDirectory(room.resolve("outside"));
            Files.writeString(outside.resolve("precious"), "as it was");
            target = Files.createDirectory(room.resolve("in")).resolve("target");
            listener = ScriptedPeer.listen(room.resolve("s")).answer(server);
            files = RemoteFiles.connect(listener.address(), Offer.any(),
                    new Login(Text.of("u"), 0, 0, Text.EMPTY));
        }

        @AfterEach
        void nothingOutsideHasChanged() throws IOException {
            files.close();
            listener.close();
            try (Stream<Path> all = Files.list(outside)) {
                assertThat(all).containsExactly(outside.resolve("precious"));
            }
            assertThat(outside.resolve("precious")).hasContent("as it was");
            try (Stream<Path> all = Files.list(room.resolve("in"))) {
                assertThat(all.toList()).isSubsetOf(List.of(target));
            }
        }

        /** Lists these names for every directory, once. */
        private void list(String... names) {
            ByteBuf data = Unpooled.buffer();
            for (int i = 0; i < names.length; i++) {
                new DirectoryEntry(new Qid(0, 0, 1), i + 1, 8, Text.of(names[i])).write(data);
            }
            server.before = request -> request instanceof Treaddir t
                    ? new Rreaddir(t.offset() == 0 ? data : Unpooled.EMPTY_BUFFER)
                    : null;
        }

        @Test
        void writesNothingAboveItsTarget() {
            server.put("d", TinyServer.directory());
            for (String name : List.of("../evil", "..\0", "a/../../evil", outside + "/evil", "")) {
                list(name);
                assertThatThrownBy(() -> copy(files).get(at("d"), target)).as(name)
                        .isInstanceOf(ConversationException.class);
            }
        }

        @Test
        void writesThroughNoLinkThatItMadeItself() throws IOException {
            // The same name is a link to a directory at first, and then a directory with something in it.
            var top = server.put("d", TinyServer.directory());
            var evil = TinyServer.directory();
            evil.children.put(Text.of("precious"), TinyServer.file(new byte[]{'e', 'v', 'i', 'l'}));
            top.children.put(Text.of("a"), TinyServer.link(outside.toString()));
            int[] asked = {0};
            ByteBuf twice = Unpooled.buffer();
            for (int i = 1; i <= 2; i++) {
                new DirectoryEntry(new Qid(0, 0, 1), i, 4, Text.of("a")).write(twice);
            }
            server.before = request -> {
                if (request instanceof Treaddir t && t.count() > 0 && asked[0]++ == 0) {
                    return new Rreaddir(twice);
                }
                if (Files.isSymbolicLink(target.resolve("a"))) {
                    top.children.put(Text.of("a"), evil);
                }
                return null;
            };
            assertThatThrownBy(() -> copy(files).get(at("d"), target)).isInstanceOf(FileAlreadyExistsException.class);
            assertThat(Files.isSymbolicLink(target.resolve("a"))).isTrue();
        }

        @Test
        void writesThroughNoLinkWithAFileEither() throws IOException {
            server.put("d", TinyServer.directory()).children.put(Text.of("f"), TinyServer.file(new byte[]{'e'}));
            Files.createDirectory(target);
            Files.createSymbolicLink(target.resolve("f"), outside.resolve("precious"));
            assertThatThrownBy(() -> copy(files).get(at("d"), target)).isInstanceOf(FileSystemException.class)
                    .hasMessageContaining("a symbolic link is in the way");
        }

        @Test
        void givesNoFileTheRightToActAsItsOwner() throws IOException {
            server.put("f", TinyServer.file(new byte[]{1}));
            server.before = request -> request instanceof Tgetattr
                    ? new Rgetattr(0x7ff, new Qid(0, 0, 1), 0107755, 0, 0, 1, 0, 1, 0, 0, 0, 0, Long.MAX_VALUE,
                            Long.MIN_VALUE, 0, 0, 0, 0, 0, 0)
                    : null;
            copy(files).get(at("f"), target);
            assertThat(((Number) Files.getAttribute(target, "unix:mode", LinkOption.NOFOLLOW_LINKS)).intValue()
                    & 07000).isZero();
        }

        @Test
        void leavesOutWhatIsNeitherFileNorDirectoryNorLink() throws IOException {
            server.put("p", TinyServer.file(new byte[0]));
            server.before = request -> request instanceof Tgetattr
                    ? new Rgetattr(0x7ff, new Qid(0, 0, 1), 0010644, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
                    : null;
            copy(files).get(at("p"), target);
            assertThat(target).doesNotExist();
            assertThat(seen).containsExactly("skipped p: it is neither a file, a directory nor a link");
        }
    }
}
