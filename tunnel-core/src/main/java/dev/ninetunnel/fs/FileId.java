package dev.ninetunnel.fs;

/**
 * What a file is, whatever its name.
 *
 * @param device the number of the file system it is on
 * @param inode its number there
 * @param kind what sort of file
 */
public record FileId(long device, long inode, Kind kind) {
    /** The sorts of file, with the bits for them in a Unix mode, and the number in a directory entry (dirent.h). */
    public enum Kind {
        FIFO(0010000), CHARACTER_DEVICE(0020000), DIRECTORY(0040000), BLOCK_DEVICE(0060000), FILE(0100000), SYMLINK(
                0120000), SOCKET(0140000);

        private static final Kind[] ALL = values();

        private final int bits;

        Kind(int bits) {
            this.bits = bits;
        }

        /** The type bits of a mode, mask 0170000. */
        public int bits() {
            return bits;
        }

        /** {@code d_type} of a directory entry. */
        public int entryType() {
            return bits >> 12;
        }

        /** The kind that a mode's type bits mean; what is unknown is a plain file. */
        public static Kind ofMode(int mode) {
            for (Kind k : ALL) {
                if (k.bits == (mode & 0170000)) {
                    return k;
                }
            }
            return FILE;
        }
    }
}
