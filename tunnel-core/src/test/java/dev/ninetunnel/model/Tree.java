package dev.ninetunnel.model;

import dev.ninetunnel.testing.Libc;
import dev.ninetunnel.wire.Text;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/** All that a directory of the local disk holds, put in words that are the same for two that hold the same. */
final class Tree {
    private static final int READ = 0;
    private static final int MOST_READ = 1 << 17;
    private static final byte[] SELF = {};

    private final Libc libc;
    private final StringBuilder words = new StringBuilder();
    /** In the order in which they were met, so that it can be told which names are one file. */
    private final Map<Long, Integer> inodes = new HashMap<>();

    Tree(Libc libc, Path path) {
        this.libc = libc;
        int fd = opened(libc.open(Libc.NO_DIRECTORY, Text.of(path.toString()).bytes(), Disk.PATH, 0));
        add(fd, 0);
        libc.close(fd);
    }

    private static int opened(int fd) {
        if (fd < 0) {
            throw new AssertionError("cannot look at what was made: errno " + -fd);
        }
        return fd;
    }

    private void add(int fd, int depth) {
        Libc.Status status = libc.status(fd);
        boolean met = inodes.containsKey(status.inode());
        words.append(" inode ").append(inodes.computeIfAbsent(status.inode(), _ -> inodes.size())).append(' ');
        if (met) {
            return;
        }
        words.append(LinuxAttributeStep.Get.words(0, status)).append(" extended ").append(extended(fd));
        switch (status.mode() & Disk.KIND) {
            case Disk.DIRECTORY -> addEntries(fd, depth);
            case Disk.SYMLINK -> words.append(" to ").append(Text.of(libc.readLink(fd, SELF)));
            case Disk.FILE -> words.append(" content ").append(sum(fd));
            default -> {
                // There is no more to it.
            }
        }
    }

    private void addEntries(int fd, int depth) {
        int[] failed = new int[1];
        int open = libc.reopen(fd, READ);
        List<Libc.Entry> entries = open < 0 ? null : libc.list(open, failed);
        if (entries == null) {
            words.append(" closed");
            return;
        }
        libc.close(open);
        for (Libc.Entry entry : entries.stream().sorted((a, b) -> a.name().compareTo(b.name())).toList()) {
            if (!entry.name().utf8().matches("\\.\\.?")) {
                words.append('\n').append("    ".repeat(depth + 1)).append(entry.name());
                int child = opened(libc.open(fd, entry.name().bytes(), Disk.PATH | Disk.NO_FOLLOW, 0));
                add(child, depth + 1);
                libc.close(child);
            }
        }
    }

    private String sum(int fd) {
        int open = libc.reopen(fd, READ);
        if (open < 0) {
            return "closed";
        }
        ByteBuffer content = ByteBuffer.allocate(MOST_READ);
        libc.read(open, content, 0);
        libc.close(open);
        CRC32 crc = new CRC32();
        crc.update(content.flip());
        return Long.toHexString(crc.getValue());
    }

    private String extended(int fd) {
        byte[] names = new byte[MOST_READ / 2];
        int length = libc.attributeNames(fd, names);
        return length <= 0 ? "none" : Arrays.toString(sorted(Text.of(Arrays.copyOf(names, length)).utf8()));
    }

    private static String[] sorted(String names) {
        String[] all = names.split("\0");
        Arrays.sort(all);
        return all;
    }

    @Override
    public String toString() {
        return words.toString();
    }
}
