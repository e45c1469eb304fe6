package dev.ninetunnel.fs.portable;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.AttributeChange;
import dev.ninetunnel.fs.AttributeChange.NewTime;
import dev.ninetunnel.fs.FileId;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.SpaceStatus;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/** Changes attributes, in the same order as on Linux: size, owner, mode, times. */
final class PortableChanges {
    /** {@code V9FS_MAGIC} of linux/magic.h, for want of a number that java.nio would tell. */
    private static final int TYPE = 0x01021997;
    private static final int NAME_LENGTH = 255;

    private PortableChanges() {}

    static void make(Path path, FileId.Kind kind, AttributeChange change) throws FsException {
        change.requireFor(kind);
        if (change.size().isPresent()) {
            size(path, change.size().getAsLong());
        }
        owner(path, "uid", change.uid());
        owner(path, "gid", change.gid());
        if (change.mode().isPresent()) {
            mode(path, change.mode().getAsInt());
        }
        if (change.access().isPresent() || change.modification().isPresent()) {
            Failures.translate(() -> {
                Files.getFileAttributeView(path, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                        .setTimes(time(change.modification()), time(change.access()), null);
                return null;
            });
        }
    }

    private static FileTime time(Optional<NewTime> time) {
        if (time.isEmpty()) {
            return null;
        }
        return FileTime.from(switch (time.get()) {
            case NewTime.Now() -> Instant.now();
            case NewTime.At at -> Instant.ofEpochSecond(at.time().seconds(),
                    // Java hands a fraction before 1970 to the system as a negative one, which that refuses.
                    at.time().seconds() < 0 ? 0 : at.time().nanoseconds());
        });
    }

    private static void size(Path path, long size) throws FsException {
        Failures.translate(() -> {
            try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
                size(file, size);
            }
            return null;
        });
    }

    /** Cuts or extends. */
    static void size(FileChannel file, long size) throws IOException {
        if (size > file.size()) {
            file.write(ByteBuffer.allocate(1), size - 1);
        } else {
            file.truncate(size);
        }
    }

    private static void owner(Path path, String which, OptionalInt number) throws FsException {
        if (number.isPresent()) {
            if (!FileStatus.isUnix(path)) {
                throw new FsException(Errno.EOPNOTSUPP);
            }
            Failures.translate(
                    () -> Files.setAttribute(path, "unix:" + which, number.getAsInt(), LinkOption.NOFOLLOW_LINKS));
        }
    }

    /** Where there are no modes, whether the owner may write. */
    static void mode(Path path, int mode) throws FsException {
        Failures.translate(() -> {
            if (FileStatus.isUnix(path)) {
                return Files.setAttribute(path, "unix:mode", mode & 07777, LinkOption.NOFOLLOW_LINKS);
            }
            if (path.getFileSystem().supportedFileAttributeViews().contains("dos") && !Files.isDirectory(path)) {
                return Files.setAttribute(path, "dos:readonly", (mode & 0200) == 0, LinkOption.NOFOLLOW_LINKS);
            }
            return path;
        });
    }

    static SpaceStatus space(Path path) throws IOException {
        FileStore store = Files.getFileStore(path);
        long block = store.getBlockSize();
        return new SpaceStatus(TYPE, (int) block, store.getTotalSpace() / block, store.getUnallocatedSpace() / block,
                store.getUsableSpace() / block, 0, 0, 0, NAME_LENGTH);
    }
}
