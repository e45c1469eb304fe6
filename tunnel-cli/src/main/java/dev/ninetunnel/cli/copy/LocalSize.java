package dev.ninetunnel.cli.copy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.stream.Stream;

/** Adds up what a tree of this machine has to be copied, for those who look on. */
record LocalSize(Copying copying) {
    void expect(Path top) {
        if (!copying.line().isShown()) {
            return;
        }
        try (ProgressLine.Unseen _ = copying.line().unseen(); Stream<Path> all = Files.walk(top)) {
            all.filter(file -> !copying.rules().excludes(top.relativize(file)))
                    .forEach(file -> copying.line().expect(size(file)));
        } catch (IOException | UncheckedIOException _) {
            // Who copies it tells what is wrong with it.
        }
    }

    private static long size(Path file) {
        try {
            BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return is.isRegularFile() ? is.size() : 0;
        } catch (IOException _) {
            return 0;
        }
    }
}
