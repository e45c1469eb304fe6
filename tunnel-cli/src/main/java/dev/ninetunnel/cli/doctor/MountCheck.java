package dev.ninetunnel.cli.doctor;

import dev.ninetunnel.cli.MountEntry;
import dev.ninetunnel.cli.ShellWords;
import dev.ninetunnel.fuse.FuseMount;
import dev.ninetunnel.wire.Escaped;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Whether who uses a mount of this program's gets answers, or waits. */
public record MountCheck(MountEntry mount) {
    private static final long PATIENCE_SECONDS = 3;

    /** Asks by another process, which can be ended while it waits. */
    public Finding finding() {
        String at = mount.source() + " at " + Escaped.of(mount.directory());
        String again = "'ninetunnel unmount --detach " + ShellWords.quoted(mount.directory()) + "'";
        try {
            Process asking = new ProcessBuilder("stat", "-f", "--", mount.directory())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!asking.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                asking.destroyForcibly();
                return Finding.bad("programs wait on the mount of " + at + ", for its server does not answer",
                        "see whether the endpoint runs and is linked (ninetunnel status). Ctrl-C ends a program, and "
                                + again + " takes the mount away");
            }
            if (asking.exitValue() == 0) {
                return Finding.good("the mount of " + at + " answers");
            }
        } catch (IOException e) {
            return Finding.missing("the mount of " + at + " cannot be tried: " + e.getMessage(), "install stat(1)");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        return FuseMount.isDead(Path.of(mount.directory()))
                ? Finding.bad("the process behind the mount of " + at + " has ended",
                        "mount it again, or take it away with " + again)
                : Finding.bad("the mount of " + at + " gives errors", "see what its log says, in the run directory");
    }
}
