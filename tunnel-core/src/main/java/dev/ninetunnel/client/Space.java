package dev.ninetunnel.client;

/**
 * How much room there is on a disk, in bytes.
 *
 * @param bytes in all
 * @param free not used
 * @param available of these, for those who are not root
 */
public record Space(long bytes, long free, long available) {}
