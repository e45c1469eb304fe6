/**
 * Directories of this machine, served by Linux's own system calls through the foreign function API. A file is held by
 * an {@code O_PATH} descriptor ({@link dev.ninetunnel.fs.linux.Inode}), shared by all who know it, and found by
 * walking beneath such descriptors ({@link dev.ninetunnel.fs.linux.Lookup}); so neither renames nor symbolic links,
 * nor both in a race, lead anywhere but where the exporter's directory is. To that one each attach walks again from {@code /}
 * ({@link dev.ninetunnel.fs.linux.RootPath}), and compares it with what was there
 * ({@link dev.ninetunnel.fs.linux.KnownRoot}); while anything of it is held, there is a
 * {@link dev.ninetunnel.fs.linux.HeldTree}. The system calls themselves are those of {@link dev.ninetunnel.linux}.
 */
package dev.ninetunnel.fs.linux;
