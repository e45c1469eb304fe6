package dev.ninetunnel.fuse;

/**
 * A file that the kernel knows.
 *
 * @param number by which the kernel names it, never used again for another
 * @param path of its qid, by which the server tells it from others
 * @param fid that stands for it at the server, and is never open
 */
record Inode(long number, long path, int fid) {}
