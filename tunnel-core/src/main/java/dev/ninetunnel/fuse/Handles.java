package dev.ninetunnel.fuse;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fuse.kernel.FuseException;
import java.util.HashMap;
import java.util.Map;

/** What is open, by the numbers that the kernel gives back with each request on it. Any thread. */
final class Handles {
    private final Map<Long, Handle> open = new HashMap<>();
    private long last;

    synchronized Handle add(Handle handle) {
        last++;
        handle.number(last);
        open.put(last, handle);
        return handle;
    }

    synchronized Handle get(long number) {
        Handle handle = open.get(number);
        if (handle == null) {
            throw new FuseException(Errno.EBADF);
        }
        return handle;
    }

    synchronized Handle remove(long number) {
        return open.remove(number);
    }
}
