package dev.ninetunnel.fs.portable;

import dev.ninetunnel.fs.Attributes;
import dev.ninetunnel.fs.FileId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Attributes of files, as much as the file system's view gives: where there is a "unix" view, all; elsewhere owners are
 * nobody's, modes say whether a file may be written, and a file's number is made of its path.
 */
final class FileStatus {
    private static final int NOBODY = 65534;
    private static final int BLOCK = 4096;
    private static final int SECTOR = 512;

    private FileStatus() {}

    static boolean isUnix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("unix");
    }

    /** Whether only root and the user of this process can put another file in the place of this one. */
    static boolean isGuarded(Path path) throws IOException {
        Path above = path.getParent();
        if (above == null || !isUnix(path)) {
            return false;
        }
        Set<PosixFilePermission> may = Files.getPosixFilePermissions(above);
        return !may.contains(PosixFilePermission.GROUP_WRITE) && !may.contains(PosixFilePermission.OTHERS_WRITE)
                && List.of("root", System.getProperty("user.name")).contains(Files.getOwner(above).getName());
    }

    static FileId id(Path path) throws IOException {
        if (isUnix(path)) {
            Map<String, Object> all = Files.readAttributes(path, "unix:dev,ino,mode", LinkOption.NOFOLLOW_LINKS);
            return unixId(all);
        }
        return plainId(path, basic(path));
    }

    static Attributes attributes(Path path) throws IOException {
        return isUnix(path) ? unix(path) : plain(path);
    }

    private static Attributes unix(Path path) throws IOException {
        Map<String, Object> all = Files.readAttributes(path, "unix:*", LinkOption.NOFOLLOW_LINKS);
        long size = number(all, "size");
        return new Attributes(unixId(all), (int) number(all, "mode"), (int) number(all, "uid"),
                (int) number(all, "gid"), number(all, "nlink"), number(all, "rdev"), size, BLOCK, blocks(size),
                time((FileTime) all.get("lastAccessTime")), time((FileTime) all.get("lastModifiedTime")),
                time((FileTime) all.get("ctime")), time((FileTime) all.get("creationTime")));
    }

    private static FileId unixId(Map<String, Object> all) {
        return new FileId(number(all, "dev"), number(all, "ino"), FileId.Kind.ofMode((int) number(all, "mode")));
    }

    private static Attributes plain(Path path) throws IOException {
        BasicFileAttributes a = basic(path);
        FileId id = plainId(path, a);
        int bits = (id.kind() == FileId.Kind.DIRECTORY ? 0555 : 0444) | (Files.isWritable(path) ? 0200 : 0);
        return new Attributes(id, id.kind().bits() | bits, NOBODY, NOBODY, 1, 0, a.size(), BLOCK, blocks(a.size()),
                time(a.lastAccessTime()), time(a.lastModifiedTime()), time(a.lastModifiedTime()),
                time(a.creationTime()));
    }

    private static BasicFileAttributes basic(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    private static FileId plainId(Path path, BasicFileAttributes a) {
        FileId.Kind kind = FileId.Kind.SOCKET;
        if (a.isDirectory()) {
            kind = FileId.Kind.DIRECTORY;
        } else if (a.isSymbolicLink()) {
            kind = FileId.Kind.SYMLINK;
        } else if (a.isRegularFile()) {
            kind = FileId.Kind.FILE;
        }
        return new FileId(0, hash(path.toString()), kind);
    }

    /** FNV-1a in 64 bits. */
    private static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return hash;
    }

    private static long blocks(long size) {
        return size / SECTOR + (size % SECTOR == 0 ? 0 : 1);
    }

    private static long number(Map<String, Object> all, String key) {
        return ((Number) all.get(key)).longValue();
    }

    private static Attributes.Time time(FileTime time) {
        Instant at = time.toInstant();
        return new Attributes.Time(at.getEpochSecond(), at.getNano());
    }
}
