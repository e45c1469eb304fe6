package dev.ninetunnel.fuse;

import dev.ninetunnel.errno.Errno;
import java.util.HashMap;
import java.util.Map;

/** What is open, by the numbers that the kernel gives back with each request on it. Any thread. */
final class Handles {
    private final Map<Long, Handle> open = new HashMap<>();
    private long last;

    /** Something that is open: its fid, and for a directory what has been read of it and not been handed on. */
    record Handle(long number, int fid, Directory directory) {}

    synchronized Handle add(int fid, Directory directory) {
        last++;
        Handle handle = new Handle(last, fid, directory);
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

    int fid(long number) {
        return get(number).fid();
    }

    synchronized Handle remove(long number) {
        return open.remove(number);
    }
}
