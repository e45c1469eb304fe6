package dev.ninetunnel.fs.linux;

import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether this system has the calls that {@link LinuxTree} needs; found out once. */
final class Availability {
    private static final Logger LOG = LoggerFactory.getLogger(Availability.class);

    static final boolean PRESENT = System.getProperty("os.name").equals("Linux") && tried();

    private Availability() {}

    /** Opens a directory known to be there, and that again by its link in /proc, as every use will. */
    private static boolean tried() {
        try {
            byte[] here = "/".getBytes(StandardCharsets.US_ASCII);
            byte[] proc = "proc".getBytes(StandardCharsets.US_ASCII);
            int root = DescriptorCalls.openPath(here, OpenFlags.PATH | OpenFlags.CLOSE_ON_EXEC);
            int below = DescriptorCalls.openBeneath(root, proc, OpenFlags.NAME_ONLY, 0);
            int again = DescriptorCalls.reopen(below, OpenFlags.DIRECTORY | OpenFlags.CLOSE_ON_EXEC);
            boolean works = root >= 0 && below >= 0 && again >= 0 && AttributeCalls.status(below) >= 0;
            for (int fd : new int[]{again, below, root}) {
                if (fd >= 0) {
                    DescriptorCalls.close(fd);
                }
            }
            if (!works) {
                LOG.info("This Linux lacks openat2, statx or /proc, so directories are served the portable way");
            }
            return works;
        } catch (RuntimeException | LinkageError e) {
            LOG.info("System calls are not to be had here ({}), so directories are served the portable way",
                    e.toString());
            return false;
        }
    }
}
