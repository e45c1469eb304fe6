/**
 * A server's files as a file system of this machine, without root: requests of the Linux kernel (FUSE, protocol 7.31 and newer,
 * {@code linux/fuse.h}) become requests of 9P2000.L.
 *
 * <p>The story of a request: {@code FuseServer} reads it from the device on one of its threads and finds the method for its opcode.
 * That asks the 9P server, through {@code Remote}, and never waits. When the reply has come, on the event loop of the client, the
 * answer is written to the device.
 */
package dev.ninetunnel.fuse;
