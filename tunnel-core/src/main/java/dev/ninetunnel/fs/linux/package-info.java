/**
 * Directories of this machine, served by Linux's own system calls through the foreign function API. A file is held by
 * an {@code O_PATH} descriptor ({@link dev.ninetunnel.fs.linux.Inode}), shared by all who know it, and found by
 * walking beneath such descriptors ({@link dev.ninetunnel.fs.linux.Lookup}); so neither renames nor symbolic links,
 * nor both in a race, lead anywhere but where the exporter's directory is. The classes named Calls bind system calls
 * and know no policy; {@link dev.ninetunnel.fs.linux.Scratch} is their memory.
 */
package dev.ninetunnel.fs.linux;
