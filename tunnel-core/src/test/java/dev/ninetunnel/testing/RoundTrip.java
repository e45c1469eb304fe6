package dev.ninetunnel.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.client.Login;
import dev.ninetunnel.client.Offer;
import dev.ninetunnel.client.Progress;
import dev.ninetunnel.client.RemoteFiles;
import dev.ninetunnel.client.RemotePath;
import dev.ninetunnel.wire.Text;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.Random;

/** What anybody does with files, to see that a way to them works: one is made, read back, listed and removed. */
public final class RoundTrip {
    private static final int FILE_BYTES = 1_000_000;

    private RoundTrip() {}

    /**
     * Does it.
     *
     * @param socket where a 9P server, or an endpoint that leads to one, is found
     * @param directory the empty directory that the server serves under the aname
     */
    public static void through(Path socket, Offer offer, String aname, Path directory) throws IOException {
        byte[] content = new byte[FILE_BYTES];
        new Random(9).nextBytes(content);
        try (RemoteFiles files = RemoteFiles.connect(UnixDomainSocketAddress.of(socket), offer,
                Login.ofThisProcess(Text.of(aname)))) {
            RemotePath path = RemotePath.of("made");
            files.write(path, new ByteArrayInputStream(content), 0600, content.length, Progress.NONE);
            assertThat(directory.resolve("made")).hasBinaryContent(content);
            ByteArrayOutputStream read = new ByteArrayOutputStream();
            files.read(path, read, Progress.NONE);
            assertThat(read.toByteArray()).isEqualTo(content);
            assertThat(files.list(RemotePath.ROOT)).hasSize(1);
            files.remove(path);
            assertThat(directory).isEmptyDirectory();
        }
    }
}
