package dev.ninetunnel.fs;

/**
 * What stat(2) tells of a file.
 *
 * @param mode type and permission bits
 * @param deviceNumber for a device file, as Linux encodes it in {@code st_rdev}; else 0
 * @param size in bytes
 * @param blocks in units of 512 bytes
 * @param birth when it was made; {@link Time#UNKNOWN} where the file system does not say
 */
public record Attributes(FileId id, int mode, int uid, int gid, long links, long deviceNumber, long size, int blockSize,
        long blocks, Time access, Time modification, Time change, Time birth) {

    /** A time since 1970 in UTC. */
    public record Time(long seconds, int nanoseconds) {
        /** Of what has no known time. */
        public static final Time UNKNOWN = new Time(0, 0);
    }
}
