package dev.ninetunnel.endpoint.mount;

import java.util.List;

/**
 * The program that mounts. It is a process of its own for each mount: no thread of the endpoint waits for a directory that
 * this process would have to answer for, and the mount outlives an endpoint that is killed.
 */
@FunctionalInterface
public interface MountProgram {
    /**
     * What to run. It prints a line when the files are there, ends with 0 when they are unmounted, and unmounts them on SIGTERM. It
     * says on standard error why it ends otherwise. It takes the place of an earlier one that mounts the same.
     */
    List<String> command(String peer, MountConfig config);
}
