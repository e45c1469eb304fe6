package dev.ninetunnel.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.testing.Diod;
import dev.ninetunnel.wire.Text;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file operations against a server that is not ours. */
@DisplayName("the client on diod")
class RemoteFilesOnDiodTest {
    @TempDir
    Path export;
    @TempDir
    Path room;
    private Diod diod;
    private RemoteFiles files;

    @BeforeEach
    void attach() throws IOException {
        diod = Diod.serve(export, room);
        files = RemoteFiles.connect(diod.address(), Offer.any(), Login.ofThisProcess(Text.of(diod.aname())));
    }

    @AfterEach
    void detach() {
        if (files != null) {
            assertThat(files.fidsInUse()).as("fids, the root's and perhaps one being clunked").isLessThanOrEqualTo(2);
            files.close();
        }
        if (diod != null) {
            diod.close();
        }
    }

    private static RemotePath at(String path) {
        return RemotePath.of(path);
    }

    private byte[] read(String path) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        assertThat(files.read(at(path), bytes, Progress.NONE)).isEqualTo(bytes.size());
        return bytes.toByteArray();
    }

    private void write(String path, byte[] bytes) throws IOException {
        assertThat(files.write(at(path), new ByteArrayInputStream(bytes), 0644, bytes.length, Progress.NONE))
                .isEqualTo(bytes.length);
    }

    private static byte[] random(int bytes) {
        byte[] data = new byte[bytes];
        new Random(bytes).nextBytes(data);
        return data;
    }

    @Test
    void filesOfEverySizeAreReadAsTheyAre() throws IOException {
        int chunk = (128 << 10);
        for (int size : new int[]{0, 1, chunk - 1, chunk, chunk + 1, 8 * chunk, 20 * chunk + 17}) {
            byte[] data = random(size);
            Files.write(export.resolve("f" + size), data);
            assertThat(read("f" + size)).as("%d bytes", size).isEqualTo(data);
        }
    }

    @Test
    void filesOfEverySizeAreWrittenAsTheyAre() throws IOException {
        int chunk = (128 << 10);
        for (int size : new int[]{0, 1, chunk, 20 * chunk + 17}) {
            byte[] data = random(size);
            write("f" + size, data);
            assertThat(Files.readAllBytes(export.resolve("f" + size))).as("%d bytes", size).isEqualTo(data);
        }
    }

    @Test
    void writingOverAFileEmptiesItFirst() throws IOException {
        write("f", random(5000));
        write("f", new byte[]{1, 2, 3});
        assertThat(Files.readAllBytes(export.resolve("f"))).containsExactly(1, 2, 3);
    }

    @Test
    void aDirectoryOfTwoThousandEntriesIsListedWhole() throws IOException {
        for (int i = 0; i < 2000; i++) {
            Files.createFile(export.resolve("entry with a name of some length " + i));
        }
        Files.createDirectory(export.resolve("d"));
        assertThat(files.list(RemotePath.ROOT)).hasSize(2001).doesNotHaveDuplicates()
                .contains(new RemoteEntry(Text.of("d"), FileKind.DIRECTORY),
                        new RemoteEntry(Text.of("entry with a name of some length 1999"), FileKind.FILE));
    }

    @Test
    void aPathDeeperThanSixteenNamesIsWalked() throws IOException {
        String path = "";
        for (int i = 0; i < 40; i++) {
            path += "/d" + i;
            files.makeDirectory(at(path), 0755);
        }
        write(path + "/leaf", random(10));
        assertThat(read(path + "/leaf")).isEqualTo(random(10));
        String missing = path + "/no/such/thing";
        assertThatThrownBy(() -> files.status(at(missing))).isInstanceOf(RefusedException.class)
                .hasMessage(missing.substring(1) + ": No such file or directory");
        files.removeTree(at("d0"));
        assertThat(export).isEmptyDirectory();
    }

    @Test
    void whatIsMadeCanBeLookedAtRenamedAndRemoved() throws IOException {
        files.makeDirectory(at("a"), 0755);
        files.makeDirectory(at("b"), 0755);
        write("a/f", random(100));
        files.makeLink(at("a/l"), Text.of("../nowhere"));

        FileStatus status = files.status(at("a/f"));
        assertThat(status.kind()).isEqualTo(FileKind.FILE);
        assertThat(status.size()).isEqualTo(100);
        assertThat(status.modified()).isEqualTo(Files.getLastModifiedTime(export.resolve("a/f")).toInstant());
        assertThat(files.status(at("a/l")).kind()).isEqualTo(FileKind.SYMLINK);
        assertThat(files.readLink(at("a/l"))).isEqualTo(Text.of("../nowhere"));

        files.rename(at("a/f"), at("b/g"));
        assertThat(export.resolve("b/g")).hasBinaryContent(random(100));
        assertThatThrownBy(() -> files.remove(at("a"))).isInstanceOfSatisfying(RefusedException.class,
                e -> assertThat(e.is(Errno.ENOTEMPTY)).isTrue());
        files.removeTree(at("a"));
        files.remove(at("b/g"));
        files.remove(at("b"));
        assertThat(export).isEmptyDirectory();
    }

    @Test
    void namesThatAreNotUtf8ComeOutAsTheyWentIn() throws IOException {
        RemotePath odd = RemotePath.ROOT.child(Text.of(new byte[]{'a', (byte) 0xFF, (byte) 0xFE}));
        files.makeDirectory(odd, 0755);
        assertThat(files.list(RemotePath.ROOT)).containsExactly(new RemoteEntry(odd.name(), FileKind.DIRECTORY));
        files.remove(odd);
    }
}
