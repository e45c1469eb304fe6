package dev.ninetunnel.fs.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.fs.AttributeChange;
import dev.ninetunnel.fs.Caller;
import dev.ninetunnel.fs.Node;
import dev.ninetunnel.fs.OpenFile;
import dev.ninetunnel.fs.OpenHow;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinuxTreeTest {
    @TempDir
    Path dir;

    private static byte[] b(String s) {
        return s.getBytes(UTF_8);
    }

    @Test
    void smoke() throws Exception {
        try (LinuxTree tree = LinuxTree.open(dir)) {
            Node root = tree.root(Caller.SELF);
            var made = root.create(b("file"), OpenHow.READ_WRITE, 0666, -1);
            assertThat(made.file().write(0, ByteBuffer.wrap(b("hello")))).isEqualTo(5);
            assertThat(made.node().attributes().mode()).isEqualTo(0100666);
            Node d = root.makeDirectory(b("dir"), 0777, 1234);
            assertThat(d.attributes().gid()).isEqualTo(1234);
            made.node().renameTo(d, b("other"));
            assertThat(new String(made.node().name(), UTF_8)).isEqualTo("other");
            assertThat(made.node().parent().id()).isEqualTo(d.id());
            Files.move(dir.resolve("dir"), dir.resolve("dir2"));
            assertThat(new String(d.name(), UTF_8)).isEqualTo("dir2");
            Node l = d.makeSymlink(b("link"), b("nowhere"), -1);
            assertThat(new String(l.readLink(), UTF_8)).isEqualTo("nowhere");
            root.link(b("link2"), l);
            assertThat(Files.isSymbolicLink(dir.resolve("link2"))).isTrue();
            made.node().change(AttributeChange.size(2));
            ByteBuffer in = ByteBuffer.allocateDirect(10);
            assertThat(made.file().read(0, in)).isEqualTo(2);
            List<String> names = new ArrayList<>();
            OpenFile list = root.open(OpenHow.READ);
            list.list(0, (n, id, c) -> names.add(new String(n, UTF_8)));
            assertThat(names).containsExactlyInAnyOrder(".", "..", "dir2", "link2");
            made.node().remove();
            assertThat(made.node().attributes().links()).isZero();
            assertThat(root.space().nameLength()).isEqualTo(255);
            OpenFile.Lock w = new OpenFile.Lock(OpenFile.Lock.Kind.WRITE, 0, 0, "a", 1);
            assertThat(made.file().lock(w)).isTrue();
            assertThat(made.file().lock(new OpenFile.Lock(OpenFile.Lock.Kind.READ, 5, 1, "b", 2))).isFalse();
            assertThat(made.file().conflict(new OpenFile.Lock(OpenFile.Lock.Kind.READ, 5, 1, "b", 2)).owner())
                    .isEqualTo("a");
        }
    }
}
