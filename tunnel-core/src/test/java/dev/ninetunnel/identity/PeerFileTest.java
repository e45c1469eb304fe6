package dev.ninetunnel.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ninetunnel.testing.Libc;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeerFileTest {
    private static final PeerId A = new PeerId("a".repeat(64));
    private static final PeerId B = new PeerId("b".repeat(64));

    @TempDir
    Path home;
    private PeerFile book;

    @BeforeEach
    void open() {
        book = new PeerFile(home);
    }

    @Test
    @DisplayName("what is added is found by name and by id, by this book and by another, in a file of mode 0600")
    void adds() throws Exception {
        assertThat(book.list()).isEmpty();
        book.add(new Peer(A, "rome"));
        book.add(new Peer(B, "oslo"));
        book.add(new Peer(B, "oslo"));

        assertThat(book.list()).containsExactly(new Peer(A, "rome"), new Peer(B, "oslo"));
        assertThat(book.byName("rome")).contains(new Peer(A, "rome"));
        assertThat(book.byId(B)).contains(new Peer(B, "oslo"));
        assertThat(book.byName("lima")).isEmpty();
        assertThat(new PeerFile(home).list()).isEqualTo(book.list());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(book.file()))).isEqualTo("rw-------");
    }

    @Test
    @DisplayName("nobody else can open the file that keeps two writers apart, and so hold them up")
    void lockIsOurs() throws Exception {
        book.add(new Peer(A, "rome"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve(".peers.lock"))))
                .isEqualTo("rw-------");
    }

    @Test
    @DisplayName("a stranger's lock on such a file, which an earlier version has made readable, holds up nobody")
    void strangersLock() throws Exception {
        Path lock = Files.writeString(home.resolve(".peers.lock"), "");
        Files.setPosixFilePermissions(lock, PosixFilePermissions.fromString("rw-r--r--"));
        try (Libc libc = new Libc()) {
            int fd = libc.open(Libc.NO_DIRECTORY, lock.toString().getBytes(StandardCharsets.UTF_8), 0, 0);
            assertThat(libc.lock(fd, Libc.SET_LOCK, 0, 0, 0)).isZero();
            CompletableFuture.runAsync(() -> {
                try {
                    book.add(new Peer(A, "rome"));
                } catch (IdentityException e) {
                    throw new CompletionException(e);
                }
            }).get(60, TimeUnit.SECONDS);
            libc.close(fd);
        }
        assertThat(book.list()).containsExactly(new Peer(A, "rome"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(lock))).isEqualTo("rw-------");
    }

    @Test
    @DisplayName("a name that stands for another key, or a key that has another name, is not added")
    void conflicts() throws Exception {
        book.add(new Peer(A, "rome"));

        assertThatThrownBy(() -> book.add(new Peer(B, "rome"))).isInstanceOf(IdentityException.class)
                .hasMessageContainingAll("rome stands for another key", A.hex());
        assertThatThrownBy(() -> book.add(new Peer(A, "roma"))).isInstanceOf(IdentityException.class)
                .hasMessageContaining("under the name rome");
        assertThat(book.list()).containsExactly(new Peer(A, "rome"));
    }

    @Test
    @DisplayName("comments and blank lines are kept when a peer is added, and a missing line end is no matter")
    void comments() throws Exception {
        Files.writeString(book.file(), "# mine\n\n" + A + "   rome  # in Italy");
        assertThat(book.list()).containsExactly(new Peer(A, "rome"));

        book.add(new Peer(B, "oslo"));
        assertThat(Files.readString(book.file()))
                .isEqualTo("# mine\n\n" + A + "   rome  # in Italy\n" + B + " oslo\n");
        assertThat(book.list()).hasSize(2);
    }

    @Test
    @DisplayName("a peer is taken out by its name or its id, and all else stays as it is")
    void removes() throws Exception {
        Files.writeString(book.file(), "# mine\r\n" + A + " rome # in Italy\n\n" + B + "  oslo");
        assertThat(book.remove("rome")).isEqualTo(new Peer(A, "rome"));
        assertThat(Files.readString(book.file())).isEqualTo("# mine\r\n\n" + B + "  oslo");
        assertThatThrownBy(() -> book.remove("rome")).isInstanceOf(IdentityException.class)
                .hasMessageContaining("no peer 'rome'");
        assertThat(book.remove(B.toString())).isEqualTo(new Peer(B, "oslo"));
        assertThat(book.list()).isEmpty();
    }

    @Test
    @DisplayName("a change of the file holds at the next lookup")
    void rereads() throws Exception {
        book.add(new Peer(A, "rome"));
        new PeerFile(home).add(new Peer(B, "oslo"));
        assertThat(book.byId(B)).isPresent();

        Files.writeString(book.file(), B + " oslo\n");
        assertThat(book.byId(A)).isEmpty();
        Files.delete(book.file());
        assertThat(book.list()).isEmpty();
    }

    @Test
    @DisplayName("a broken line is named by file and number, and nobody is trusted until it is mended")
    void brokenLine() throws Exception {
        for (String bad : new String[]{"oops", A + " two words", A + " -dash", "abc name", A + "", A + " rome",
                B + " lima"}) {
            Files.writeString(book.file(), A + " lima\n\n" + bad + "\n");
            assertThatThrownBy(book::list).as(bad).isInstanceOf(IdentityException.class)
                    .hasMessageContaining(book.file() + ":3: ");
            assertThatThrownBy(() -> book.byId(A)).as(bad).isInstanceOf(IdentityException.class);
        }
        Files.writeString(book.file(), A + " lima\n");
        assertThat(book.byId(A)).isPresent();
    }

    @Test
    @DisplayName("peers added at the same time are all there afterwards")
    void parallel() throws Exception {
        var threads = IntStream.range(0, 16).mapToObj(i -> Thread.ofPlatform().start(() -> {
            try {
                new PeerFile(home).add(new Peer(new PeerId(String.format("%064x", i)), "peer" + i));
            } catch (IdentityException e) {
                throw new AssertionError(e);
            }
        })).toList();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(book.list()).hasSize(16);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".hidden", "-x", "a/b", "a b", "a\n", "ä", "..",
            "12345678901234567890123456789012345678901234567890123456789012345"})
    @DisplayName("a name that would not do as a file name or an argument is refused")
    void names(String name) {
        assertThatThrownBy(() -> new Peer(A, name)).isInstanceOf(IllegalArgumentException.class);
    }
}
