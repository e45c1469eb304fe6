/**
 * Trees of files that an endpoint can serve, behind one interface ({@link dev.ninetunnel.fs.FileTree}): the Linux
 * backend on system calls, the portable backend on java.nio, and the synthetic tree. This room knows no 9P and nothing
 * else of ours but the error numbers. Its calls block, so they are made on workers, but for what is
 * {@link dev.ninetunnel.fs.AtOnce}, which an event loop may ask as well; names are bytes from end to end.
 */
package dev.ninetunnel.fs;
