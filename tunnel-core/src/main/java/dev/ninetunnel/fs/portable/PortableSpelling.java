package dev.ninetunnel.fs.portable;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/** How a directory spells the name of an entry where it takes others for it, too: macOS and Windows do not mind the case. */
final class PortableSpelling {
    private PortableSpelling() {}

    /** As the directory lists it; empty if there is no such entry, or where each name leads to itself alone. */
    static Optional<Path> of(Path entry) throws IOException {
        String name = entry.getFileName().toString();
        String otherName = inOtherCase(name);
        Path other = entry.resolveSibling(otherName);
        if (otherName.equals(name) || !isThere(entry) || !isThere(other) || !isSame(entry, other)) {
            return Optional.empty();
        }
        Optional<Path> found = Optional.empty();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(entry.getParent())) {
            for (Path listed : stream) {
                boolean sameButForCase = listed.getFileName().toString().equalsIgnoreCase(name);
                if ((sameButForCase || found.isEmpty()) && isThere(listed) && isSame(listed, entry)) {
                    found = Optional.of(listed.getFileName());
                    if (sameButForCase) {
                        return found;
                    }
                }
            }
        }
        return found;
    }

    private static String inOtherCase(String name) {
        StringBuilder other = new StringBuilder();
        name.codePoints().map(c -> Character.isLowerCase(c) ? Character.toUpperCase(c) : Character.toLowerCase(c))
                .forEach(other::appendCodePoint);
        return other.toString();
    }

    private static boolean isThere(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    /** Links themselves are compared where they have numbers, else what they point to. */
    private static boolean isSame(Path one, Path other) throws IOException {
        return FileStatus.isUnix(one) ? FileStatus.id(one).equals(FileStatus.id(other)) : Files.isSameFile(one, other);
    }
}
