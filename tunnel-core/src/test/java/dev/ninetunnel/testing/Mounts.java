package dev.ninetunnel.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** File systems that a test mounts, and that are gone when it is closed. Where this user may not mount, the test is skipped. */
public final class Mounts implements AutoCloseable {
    private final List<Path> mounted = new ArrayList<>();

    /** Mounts an empty file system in memory. */
    public void memory(Path where) {
        mount(where, "mount", "-t", "tmpfs", "tmpfs", where.toString());
    }

    /** The same, with options, such as its size. */
    public void memory(Path where, String options) {
        mount(where, "mount", "-t", "tmpfs", "-o", options, "tmpfs", where.toString());
    }

    /** Mounts what is in a file. */
    public void image(Path file, Path where, String options) {
        mount(where, "mount", "-o", "loop," + options, file.toString(), where.toString());
    }

    /** Mounts a file system whose daemon has died. */
    public void dead(Path where) {
        mount(where, "bash", "-c", "exec 3<>/dev/fuse && mount -i -t fuse -o "
                + "fd=3,rootmode=40000,user_id=0,group_id=0 dead '" + where + "'");
    }

    private void mount(Path where, String... command) {
        assumeTrue(run(command) == 0, "SKIPPED: this user may not mount what the test needs, or this kernel cannot");
        mounted.add(where);
    }

    /** Unmounts what is not in use. */
    public void unmount(Path where) {
        assertThat(run("umount", where.toString())).as("umount %s", where).isZero();
        mounted.remove(where);
    }

    /** Takes away what may be in use still. */
    public void detach(Path where) {
        assertThat(run("umount", "-l", where.toString())).as("umount -l %s", where).isZero();
        mounted.remove(where);
    }

    /** Runs a program, and gives how it ended; 127 if there is none of the name. */
    public static int run(String... command) {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException _) {
            return 127;
        }
        try (InputStream out = process.getInputStream()) {
            out.readAllBytes();
            return process.waitFor();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(String.join(" ", command), e);
        }
    }

    @Override
    public void close() {
        for (Path where : mounted.reversed()) {
            run("umount", "-l", where.toString());
        }
        mounted.clear();
    }
}
