package dev.ninetunnel.fs.portable;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.FileId;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.HeldRanges;
import dev.ninetunnel.fs.OpenFile;
import dev.ninetunnel.fs.OpenFile.Lock;
import java.util.HashMap;
import java.util.Map;

/**
 * Locks between the users of a tree. Other programs do not see them: java.nio's own belong to the whole process, so
 * they could not keep owners apart. Any thread.
 */
final class PortableLocks {
    private final Map<FileId, Map<Object, HeldRanges>> files = new HashMap<>();

    synchronized boolean set(FileId file, OpenFile through, Lock lock) throws FsException {
        HeldRanges.check(lock);
        if (lock.kind() != Lock.Kind.UNLOCK && found(file, lock) != null) {
            return false;
        }
        Map<Object, HeldRanges> owners = files.computeIfAbsent(file, f -> new HashMap<>());
        try {
            return owners.computeIfAbsent(lock.owner(), o -> new HeldRanges())
                    .set(HeldRanges.Range.of(lock, through), () -> true);
        } finally {
            sweep(file, owners);
        }
    }

    synchronized Lock conflict(FileId file, Lock lock) throws FsException {
        HeldRanges.check(lock);
        if (lock.kind() == Lock.Kind.UNLOCK) {
            throw new FsException(Errno.EINVAL);
        }
        return found(file, lock);
    }

    synchronized void dropAll(FileId file, OpenFile through) {
        Map<Object, HeldRanges> owners = files.get(file);
        if (owners != null) {
            owners.values().forEach(r -> r.take(through));
            sweep(file, owners);
        }
    }

    synchronized void stopWriting(FileId file, OpenFile through) {
        Map<Object, HeldRanges> owners = files.get(file);
        if (owners != null) {
            owners.values().forEach(r -> r.takeWriting(through));
            sweep(file, owners);
        }
    }

    private Lock found(FileId file, Lock lock) {
        for (Map.Entry<Object, HeldRanges> e : files.getOrDefault(file, Map.of()).entrySet()) {
            HeldRanges.Range r = e.getKey().equals(lock.owner())
                    ? null
                    : e.getValue().inTheWay(lock.start(), HeldRanges.last(lock), lock.kind());
            if (r != null) {
                return new Lock(r.kind(), r.first(), r.length(), e.getKey(), r.process());
            }
        }
        return null;
    }

    private void sweep(FileId file, Map<Object, HeldRanges> owners) {
        owners.values().removeIf(HeldRanges::isEmpty);
        if (owners.isEmpty()) {
            files.remove(file);
        }
    }
}
