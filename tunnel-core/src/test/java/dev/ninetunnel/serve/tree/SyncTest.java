package dev.ninetunnel.serve.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.export.AttachScope;
import dev.ninetunnel.export.ClaimedUser;
import dev.ninetunnel.export.Export;
import dev.ninetunnel.export.ExportedTree;
import dev.ninetunnel.export.Exports;
import dev.ninetunnel.fs.OpenFile;
import dev.ninetunnel.fs.local.LocalTrees;
import dev.ninetunnel.serve.tree.TreeFid.Use;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Text;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose Tfsync has the disk write. */
class SyncTest {
    @TempDir
    private Path dir;

    @ParameterizedTest(name = "read-only {0}, open for writing {1}: {2}")
    @CsvSource({"true, false, 0", "true, true, 1", "false, false, 1", "false, true, 1"})
    @DisplayName("S20 what others have written is not brought to the disk for a peer that may only read, what it has written is")
    void syncs(boolean readOnly, boolean writes, int calls) throws Exception {
        Export export = new Export("files", new Export.Target.Directory(dir, readOnly));
        int[] synced = new int[1];
        try (Exports exports = new Exports(List.of(export), new LocalTrees())) {
            ExportedTree tree = exports.tree(Text.of("files"));
            ClaimedUser claimedUser = new ClaimedUser("peer", Text.of("u"), OptionalInt.empty());
            TreeFid fid = new TreeFid(Dialect.LINUX, new AttachScope(tree, null, false, claimedUser, tree.admission()),
                    null,
                    Text.of("f"));
            fid.use = new Use.Opened(counting(synced), false, true, writes, false, null);
            fid.sync(true);
        }
        assertThat(synced[0]).isEqualTo(calls);
    }

    private static OpenFile counting(int[] synced) {
        return (OpenFile) Proxy.newProxyInstance(OpenFile.class.getClassLoader(), new Class<?>[]{OpenFile.class},
                (proxy, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("sync");
                    synced[0]++;
                    return null;
                });
    }
}
