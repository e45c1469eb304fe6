package dev.ninetunnel.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ninetunnel.identity.invitation.Invitations;
import dev.ninetunnel.link.dial.ProxyCredentials;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Nothing that is read whole takes more memory than its kind can need, whatever stands at its path. */
class SmallFileTest {
    @TempDir
    private Path folder;

    interface Reader {
        void read(Path file) throws Exception;
    }

    static Stream<Arguments> kinds() {
        return Stream.of(
                kind("peers", file -> new PeerFile(file.getParent()).list()),
                kind("invitations", file -> new Invitations(file.getParent(), Clock.systemUTC()).state("rome")),
                kind("key.pem", Pem::readKey),
                kind("cert.pem", Pem::readChain),
                kind("crl.pem", file -> RevocationLists.read(List.of(file), List.of())),
                kind("me.p12", file -> Pkcs12.read(file, new CredentialFiles.Password(Optional.empty(), "x"))),
                kind("proxy", ProxyCredentials::read));
    }

    private static Arguments kind(String name, Reader reader) {
        return Arguments.of(name, reader);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("kinds")
    @DisplayName("a file with a hole of 8 GiB, a device without an end and a pipe that nobody writes to are refused at once")
    void bounded(String name, Reader reader) throws Exception {
        Path file = folder.resolve(name);
        try (RandomAccessFile huge = new RandomAccessFile(file.toFile(), "rw")) {
            huge.setLength(8L << 30);
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertThatThrownBy(() -> reader.read(file)).hasMessageContaining("larger than").hasMessageContaining(name);

        Files.delete(file);
        assumeTrue(new ProcessBuilder("mkfifo", "-m", "600", file.toString()).start().waitFor() == 0);
        assertThatThrownBy(() -> reader.read(file)).hasMessageContaining("regular file").hasMessageContaining(name);

        Files.delete(file);
        Files.createSymbolicLink(file, Path.of("/dev/zero"));
        assertThatThrownBy(() -> reader.read(file)).hasMessageContaining(name);
        Files.delete(file);
    }

    @Test
    @DisplayName("as many bytes as are allowed are read, and not one more")
    void edge() throws IOException {
        Path file = Files.write(folder.resolve("f"), new byte[1024]);
        assertThat(SmallFile.bytes(file, 1024)).hasSize(1024);
        assertThatThrownBy(() -> SmallFile.bytes(file, 1023)).isInstanceOf(IOException.class);
    }

    @Test
    @DisplayName("a list of peers that others can change is not believed until it is closed")
    void changeable() throws Exception {
        PeerFile book = new PeerFile(folder);
        book.add(new Peer(new PeerId("a".repeat(64)), "rome"));
        for (String mode : List.of("rw--w----", "rw-rw-r--", "rw-r--rw-")) {
            Files.setPosixFilePermissions(book.file(), PosixFilePermissions.fromString(mode));
            assertThatThrownBy(() -> new PeerFile(folder).list()).isInstanceOf(IdentityException.class)
                    .hasMessageContaining("chmod go-w " + book.file());
        }
        Files.setPosixFilePermissions(book.file(), PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(new PeerFile(folder).list()).hasSize(1);
    }
}
