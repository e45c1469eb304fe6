package dev.ninetunnel.serve.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.Caller;
import dev.ninetunnel.fs.FileTree;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.Node;
import dev.ninetunnel.fs.local.LocalTrees;
import dev.ninetunnel.wire.Text;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A change of names, and whether other spellings come and go with them. {@code LeasesTest} has it on a disk that ignores case. */
class NamesAloneTest {
    private static final Text NAME = Text.of("name");

    @TempDir
    Path folder;

    /** The directory, as one that says of each entry that it is spelled otherwise. */
    private static Node ignoringCase(Node real) {
        return (Node) Proxy.newProxyInstance(Node.class.getClassLoader(), new Class<?>[]{Node.class},
                (_, method, arguments) -> switch (method.getName()) {
                    case "duplicate" -> ignoringCase(real.duplicate());
                    case "spelling" -> {
                        real.walk((byte[]) arguments[0]).close();
                        yield Optional.of(Text.of("NAME").bytes());
                    }
                    default -> {
                        try {
                            yield method.invoke(real, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    }
                });
    }

    private boolean known(Node directory, boolean comes) throws Exception {
        NamesAlone names = new NamesAlone(List.of(new FileUse.Entry(directory, NAME, comes)));
        names.during(() -> {
            if (comes) {
                directory.makeDirectory(NAME.bytes(), 0755, -1).close();
            } else {
                directory.unlink(NAME.bytes(), true);
            }
            return null;
        });
        return names.isKnown();
    }

    @Test
    @DisplayName("a name that comes or goes is alone, but where another spelling leads to the same")
    void alone() throws Exception {
        try (FileTree tree = new LocalTrees().open(folder); Node real = tree.root(Caller.SELF)) {
            assertThat(known(real, true)).isTrue();
            assertThat(known(real, false)).isTrue();
            Node ignoring = ignoringCase(real);
            assertThat(known(ignoring, true)).isFalse();
            assertThat(known(ignoring, false)).isFalse();
            assertThat(folder.resolve("name")).doesNotExist();
        }
    }

    @Test
    @DisplayName("of a change that fails nothing is known, and its error is told; one that tells no names is done all the same")
    void failed() throws Exception {
        try (FileTree tree = new LocalTrees().open(folder); Node real = tree.root(Caller.SELF)) {
            NamesAlone names = new NamesAlone(List.of(new FileUse.Entry(real, NAME, true)));
            assertThatThrownBy(() -> names.during(() -> {
                throw new FsException(Errno.EEXIST);
            })).isInstanceOf(FsException.class);
            assertThat(names.isKnown()).isFalse();
            NamesAlone none = new NamesAlone(List.of());
            none.during(() -> {
                real.makeDirectory(NAME.bytes(), 0755, -1).close();
                return null;
            });
            assertThat(none.isKnown()).isFalse();
            assertThat(Files.isDirectory(folder.resolve("name"))).isTrue();
        }
    }
}
