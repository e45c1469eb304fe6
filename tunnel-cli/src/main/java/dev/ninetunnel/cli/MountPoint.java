package dev.ninetunnel.cli;

import dev.ninetunnel.fuse.FuseMount;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** A directory where something is, or is to be, mounted; as {@code /proc/self/mountinfo} lists it (proc_pid_mountinfo(5)). */
public record MountPoint(Path directory) {
    /** In characters, of which each may take three bytes or so of the 255 that a name can have. */
    private static final int LONGEST_NAME = 80;

    /**
     * Where a directory is, as the kernel lists it: without symbolic links. What may be mounted there is not asked, for that may
     * take as long as its server does.
     */
    public static MountPoint of(Path directory) {
        Path absolute = directory.toAbsolutePath().normalize();
        Path parent = absolute.getParent();
        if (parent == null) {
            return new MountPoint(absolute);
        }
        try {
            MountPoint point = new MountPoint(parent.toRealPath().resolve(absolute.getFileName()));
            return point.type().isEmpty() && Files.isSymbolicLink(point.directory)
                    ? new MountPoint(point.directory.toRealPath())
                    : point;
        } catch (IOException _) {
            return new MountPoint(absolute); // its user says what is wrong with it
        }
    }

    /** The kind of file system that is mounted there, the last one of several; empty if none is. */
    Optional<String> type() {
        return listed().map(MountEntry::type);
    }

    private Optional<MountEntry> listed() {
        try {
            return MountEntry.all().stream().filter(mount -> mount.directory().equals(directory.toString()))
                    .reduce((_, last) -> last);
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    /** Whether something is mounted there that was mounted by this program. */
    public boolean isOurs() {
        return listed().filter(MountEntry::isOurs).isPresent();
    }

    /** Takes away a mount of this program's of that source, dead or not; programs keep the files that they have open. */
    void clear(String source) {
        if (listed().filter(mount -> mount.isOurs() && mount.source().equals(source)).isPresent()) {
            unmount(true);
        }
    }

    /** The name of a file for what is said of it, which is another one for each directory. */
    String logName() {
        String name = directory.toString().replace("\\", "\\\\").replace("-", "\\-").replace('/', '-');
        return name.length() > LONGEST_NAME
                ? "mount-" + sha256(directory.toString()) + ".log"
                : "mount" + name + ".log";
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether what is mounted there has lost the program behind it. */
    private boolean isDead() {
        return isOurs() && FuseMount.isDead(directory);
    }

    /** Makes sure that something can be mounted there, and takes away what a killed program has left. */
    void prepare(boolean mayHoldFiles) {
        if (isDead()) {
            unmount(true);
        }
        if (isOurs()) {
            throw new Failure(Failure.UNAVAILABLE,
                    "something is mounted at " + directory + " already: take it away with "
                            + "'ninetunnel unmount " + ShellWords.quoted(directory.toString())
                            + "', or name another directory");
        }
        requireRoom(mayHoldFiles);
    }

    /** Makes sure that something can be mounted there: an empty directory, or any. */
    public void requireRoom(boolean mayHoldFiles) {
        if (!Files.exists(directory)) {
            throw new Failure(Failure.NO_INPUT, "there is no directory " + directory + ": make it first, with mkdir");
        }
        if (!Files.isDirectory(directory)) {
            throw new Failure(Failure.NO_INPUT, directory + " is no directory, and files appear in one only");
        }
        if (!mayHoldFiles && !isEmpty()) {
            throw new Failure(Failure.UNAVAILABLE,
                    directory + " is not empty, and a mount would hide what is in it: name an "
                            + "empty directory, or say '-o nonempty'");
        }
    }

    private boolean isEmpty() {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            return !entries.iterator().hasNext();
        } catch (IOException e) {
            throw new Failure(Failure.NO_PERMISSION, "cannot look into " + directory + ": " + e.getMessage(), e);
        }
    }

    /**
     * Takes away what is mounted there.
     *
     * @param detach from programs that use it still, too
     */
    void unmount(boolean detach) {
        String type = type().orElseThrow(() -> new Failure(Failure.NO_INPUT, "nothing is mounted at " + directory));
        try {
            if (type.startsWith("fuse")) {
                FuseMount.unmount(directory, detach);
            } else {
                umount(detach);
            }
        } catch (IOException e) {
            throw new Failure(Failure.UNAVAILABLE,
                    directory + " stays mounted: " + e.getMessage() + ". Where a program uses "
                            + "it, end that first ('fuser -m' names it), or say --detach",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure(Failure.UNAVAILABLE, "interrupted; " + directory + " may still be mounted", e);
        }
    }

    private void umount(boolean detach) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("umount"));
        if (detach) {
            command.add("-l");
        }
        command.addAll(List.of("--", directory.toString()));
        int code = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (code != 0) {
            throw new IOException("umount ended with " + code + ": it has said why above");
        }
    }
}
