package dev.ninetunnel.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A peer's files in this machine's tree, by the Linux kernel's 9p client.
 *
 * @param socket where the peer's files are posted
 * @param aname what of them, or an empty string for all
 * @param more further options of the file system, which win; null for none
 */
record KernelMount(Path socket, String aname, Path directory, String more) implements Mounting {
    private static final String ADVICE = ": see what it printed, and dmesg; it needs root and the kernel's 9p module "
            + "(modprobe 9p)";

    @Override
    public void mount() throws InterruptedException {
        int code = run(command());
        if (code != 0) {
            throw new Failure(Failure.UNAVAILABLE, "mount(8) ended with " + code + ADVICE);
        }
    }

    /** Takes it away from programs that use it still as well, for its server is about to go. */
    @Override
    public void unmount() throws InterruptedException {
        run(List.of("umount", "-l", at()));
    }

    /** What mounts, as it is typed. */
    String line() {
        return command().stream().map(ShellWords::quoted).collect(Collectors.joining(" "));
    }

    private List<String> command() {
        // nosuid, nodev: a peer shall not make anybody root here, whatever modes it shows. access=any: the export acts as
        // the user who runs the far endpoint, for all users here; modes still protect.
        String options = "trans=unix,version=9p2000.L,msize=131096,access=any,nosuid,nodev"
                + (aname.isEmpty() ? "" : ",aname=" + aname)
                + (more == null ? "" : "," + more);
        return List.of("mount", "-t", "9p", "-o", options, socket.toString(), at());
    }

    private String at() {
        return directory.toAbsolutePath().normalize().toString();
    }

    private static int run(List<String> command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor();
        } catch (IOException e) {
            throw new Failure(Failure.UNAVAILABLE, command.getFirst() + "(8) cannot be run: " + e.getMessage(), e);
        }
    }
}
