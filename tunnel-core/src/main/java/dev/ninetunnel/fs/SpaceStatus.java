package dev.ninetunnel.fs;

/**
 * What statfs(2) tells of a file system.
 *
 * @param type its magic number
 * @param nameLength the longest name, in bytes
 */
public record SpaceStatus(int type, int blockSize, long blocks, long freeBlocks, long availableBlocks, long files,
        long freeFiles, long fileSystemId, int nameLength) {}
