package dev.ninetunnel.cli.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ninetunnel.cli.Failure;
import dev.ninetunnel.client.FileKind;
import dev.ninetunnel.wire.Text;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("a copy's directory on this machine")
class LocalDirectoryTest {
    @TempDir
    Path room;

    private LocalDirectory open(boolean held) throws IOException {
        Path directory = Files.createDirectories(room.resolve("copy"));
        Files.createDirectories(room.resolve("outside"));
        return held ? LocalDirectory.open(directory) : new NamedDirectory(directory);
    }

    private static Path name(String name) {
        return LocalNames.name(Text.of(name));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("is never left through a symbolic link")
    void linksAreNotFollowed(boolean held) throws IOException {
        try (LocalDirectory copy = open(held)) {
            Path link = name("link");
            copy.makeLink(link, room.resolve("outside"));
            assertThatThrownBy(() -> copy.makeDirectory(link)).isInstanceOf(NotDirectoryException.class);
            assertThatThrownBy(() -> copy.directory(link)).isInstanceOf(FileSystemException.class);
            assertThatThrownBy(() -> copy.newFile(link)).isInstanceOf(FileAlreadyExistsException.class);
            assertThat(copy.kind(link)).contains(FileKind.SYMLINK);

            Path dangling = name("dangling");
            copy.makeLink(dangling, room.resolve("outside").resolve("new"));
            assertThatThrownBy(() -> copy.newFile(dangling)).isInstanceOf(FileAlreadyExistsException.class);
        }
        assertThat(room.resolve("outside")).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("gets a file with its permissions and time, in the place of a link and not where that leads")
    void files(boolean held) throws IOException {
        Path victim = Files.writeString(Files.createDirectories(room.resolve("outside")).resolve("victim"), "safe");
        Instant time = Instant.parse("2001-09-09T01:46:40Z");
        try (LocalDirectory copy = open(held)) {
            copy.makeLink(name("f"), victim);
            try (OutputStream out = copy.newFile(name("temporary"))) {
                out.write(1);
            }
            copy.setAttributes(Optional.of(name("temporary")), 0440, time);
            copy.rename(name("temporary"), name("f"));
            assertThat(copy.kind(name("temporary"))).isEmpty();
        }
        Path file = room.resolve("copy/f");
        assertThat(file).hasBinaryContent(new byte[]{1});
        assertThat(Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)).isTrue();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("r--r-----");
        assertThat(Files.getLastModifiedTime(file).toInstant()).isEqualTo(time);
        assertThat(victim).hasContent("safe");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("has directories made in it, or takes those that are there")
    void directories(boolean held) throws IOException {
        try (LocalDirectory copy = open(held)) {
            assertThat(copy.makeDirectory(name("d"))).isTrue();
            assertThat(copy.makeDirectory(name("d"))).isFalse();
            try (LocalDirectory below = copy.directory(name("d"))) {
                below.newFile(name("f")).close();
                below.setAttributes(Optional.empty(), 0500, Instant.EPOCH);
            }
            copy.newFile(name("f")).close();
            assertThatThrownBy(() -> copy.makeDirectory(name("f"))).isInstanceOf(NotDirectoryException.class);
        }
        Path below = room.resolve("copy/d");
        assertThat(below.resolve("f")).exists();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(below))).isEqualTo("r-x------");
        Files.setPosixFilePermissions(below, PosixFilePermissions.fromString("rwx------"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "/etc", "a/", "a/../../b", "nul\0"})
    @DisplayName("takes no name that is no name")
    void names(String bad) {
        assertThatThrownBy(() -> name(bad)).isInstanceOf(Failure.class).hasMessageContaining("no file can be called");
    }

    @Test
    @DisplayName("takes names of any bytes, and gives them back as they were")
    void bytes() throws IOException {
        for (byte[] bytes : new byte[][]{{'a', (byte) 0xFF, (byte) 0xFE}, {(byte) 0xC3, (byte) 0xA9}, {'%', '4', '1'},
                {'?', '#', ' ', (byte) 0xE9}, {'\n', '\\', ':'}}) {
            Text name = Text.of(bytes);
            try (LocalDirectory copy = open(true)) {
                copy.newFile(LocalNames.name(name)).close();
            }
            try (var children = Files.newDirectoryStream(room.resolve("copy"))) {
                Path child = children.iterator().next();
                assertThat(LocalNames.text(child.getFileName())).isEqualTo(name);
                Files.delete(child);
            }
        }
    }

    @Test
    @DisplayName("takes targets of links as they are")
    void targets() throws IOException {
        for (String target : new String[]{"../x", "/abs/é", "é/../ü", "."}) {
            assertThat(LocalNames.text(LocalNames.target(Text.of(target)))).isEqualTo(Text.of(target));
        }
        assertThatThrownBy(() -> LocalNames.target(Text.EMPTY)).isInstanceOf(Failure.class);
    }
}
