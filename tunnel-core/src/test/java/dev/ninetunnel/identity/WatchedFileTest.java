package dev.ninetunnel.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small file that is read again when it has changed. */
class WatchedFileTest {
    @TempDir
    Path dir;

    private int reads;

    private WatchedFile<String> watched() {
        return new WatchedFile<>(dir.resolve("f"), "none", file -> {
            reads++;
            String text = Files.readString(file);
            if (text.equals("broken")) {
                throw new IOException("it is broken");
            }
            return text;
        });
    }

    @Test
    @DisplayName("it is read once for each change, and what is gone counts as absent")
    void readsOnChange() throws Exception {
        WatchedFile<String> watched = watched();
        assertThat(watched.current()).isEqualTo("none");
        Files.writeString(watched.file(), "one");
        assertThat(watched.current()).isEqualTo("one");
        assertThat(watched.current()).isEqualTo("one");
        assertThat(reads).isEqualTo(1);
        Files.writeString(watched.file(), "three");
        assertThat(watched.known()).isEqualTo("one");
        assertThat(watched.current()).isEqualTo("three");
        Files.delete(watched.file());
        assertThat(watched.current()).isEqualTo("none");
    }

    @Test
    @DisplayName("another file in its place is seen by its inode, with the same size and time")
    void seesReplacement() throws Exception {
        WatchedFile<String> watched = watched();
        Files.writeString(watched.file(), "one");
        assertThat(watched.current()).isEqualTo("one");
        Path draft = Files.writeString(dir.resolve("draft"), "two");
        Files.setLastModifiedTime(draft, Files.getLastModifiedTime(watched.file()));
        Files.move(draft, watched.file(), StandardCopyOption.REPLACE_EXISTING);
        assertThat(watched.current()).isEqualTo("two");
    }

    @Test
    @DisplayName("what cannot be read is told each time, and what was known stays known")
    void keepsWhatWasKnown() throws Exception {
        WatchedFile<String> watched = watched();
        Files.writeString(watched.file(), "one");
        assertThat(watched.current()).isEqualTo("one");
        Files.writeString(watched.file(), "broken");
        assertThatThrownBy(watched::current).isInstanceOf(IOException.class);
        assertThatThrownBy(watched::current).isInstanceOf(IOException.class);
        assertThat(watched.known()).isEqualTo("one");
    }
}
