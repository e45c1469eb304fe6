package dev.ninetunnel.fs.linux;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.Attributes;
import dev.ninetunnel.fs.FileId;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.linux.CallMemory;
import dev.ninetunnel.linux.DescriptorCalls;
import dev.ninetunnel.linux.NameCalls;
import dev.ninetunnel.linux.OpenFlags;
import dev.ninetunnel.linux.ProcessCalls;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * Goes from {@code /} to a directory, one element at a time, each beneath the directory before it. A symbolic link is
 * followed only where that is asked for, and only one that root or the user of this process must have placed
 * or can replace. To be closed by its maker. For one thread.
 */
final class RootPath implements AutoCloseable {
    private static final int MOST_LINKS = 40;
    private static final int WRITABLE_BY_OTHERS = 022;
    private static final int STICKY = 01000;
    private static final byte[] SLASH = {'/'};

    private final int user = ProcessCalls.uid();
    private final List<Step> steps = new ArrayList<>();
    private final List<byte[]> names = new ArrayList<>();
    private final List<Integer> open = new ArrayList<>();
    private final List<Link> links = new ArrayList<>();

    /** A directory on the way, as it was found. */
    record Step(FileId id, Attributes.Time birth, long mount, int owner, int mode) {
        /** Whether it is the same directory, and no other that has got its number since. */
        boolean isSame(Step other) {
            return id.equals(other.id) && birth.equals(other.birth);
        }

        /** Whether only root and this user can put another entry in the place of this one. */
        boolean guards(Step entry, int user) {
            return isOurs(owner, user)
                    && ((mode & WRITABLE_BY_OTHERS) == 0 || ((mode & STICKY) != 0 && isOurs(entry.owner, user)));
        }

        private static boolean isOurs(int owner, int user) {
            return owner == 0 || owner == user;
        }
    }

    /** A symbolic link that was followed: its path, and what it lies in. */
    record Link(String path, List<FileId> within) {}

    private RootPath() throws FsException {
        push(new byte[0], Check.done(
                DescriptorCalls.openPath(SLASH, OpenFlags.PATH | OpenFlags.DIRECTORY | OpenFlags.CLOSE_ON_EXEC)));
    }

    /** Finds where a path leads now, through links that can be relied on; EPERM at another. */
    static RootPath resolve(byte[] path) throws FsException {
        return walk(elements(path), true);
    }

    /** Goes through no link. */
    static RootPath along(List<byte[]> names) throws FsException {
        return walk(new ArrayDeque<>(names), false);
    }

    private static RootPath walk(Deque<byte[]> todo, boolean followsLinks) throws FsException {
        RootPath way = new RootPath();
        try {
            while (!todo.isEmpty()) {
                way.next(todo, followsLinks);
            }
            return way;
        } catch (FsException | RuntimeException e) {
            way.close();
            throw e;
        }
    }

    private static Deque<byte[]> elements(byte[] path) {
        Deque<byte[]> elements = new ArrayDeque<>();
        int from = 0;
        for (int at = 0; at <= path.length; at++) {
            if (at == path.length || path[at] == '/') {
                if (at > from) {
                    elements.add(Arrays.copyOfRange(path, from, at));
                }
                from = at + 1;
            }
        }
        return elements;
    }

    private void next(Deque<byte[]> todo, boolean followsLinks) throws FsException {
        byte[] name = todo.remove();
        if (isDots(name, 1)) {
            return;
        }
        if (isDots(name, 2)) {
            pop();
            return;
        }
        // O_DIRECTORY has an automount point mounted.
        int fd = DescriptorCalls.openBeneath(open.getLast(), name, OpenFlags.NAME_ONLY | OpenFlags.DIRECTORY, 0);
        if (followsLinks && (fd == -Errno.ENOTDIR.number() || fd == -Errno.ELOOP.number())) {
            follow(name, todo);
            return;
        }
        push(name, Check.done(fd));
    }

    private static boolean isDots(byte[] name, int count) {
        return name.length == count && name[0] == '.' && name[count - 1] == '.';
    }

    private void push(byte[] name, int fd) throws FsException {
        open.add(fd);
        names.add(name);
        steps.add(Status.stepOf(fd));
    }

    private void pop() {
        if (open.size() > 1) {
            DescriptorCalls.close(open.removeLast());
            names.removeLast();
            steps.removeLast();
        }
    }

    private void follow(byte[] name, Deque<byte[]> todo) throws FsException {
        int fd = Check.done(DescriptorCalls.openBeneath(open.getLast(), name, OpenFlags.NAME_ONLY, 0));
        byte[] target;
        try {
            Step link = Status.stepOf(fd);
            if (link.id.kind() != FileId.Kind.SYMLINK) {
                throw new FsException(Errno.ENOTDIR);
            }
            names.add(name);
            String path = path();
            names.removeLast();
            if (!steps.getLast().guards(link, user)) {
                throw new FsException(Errno.EPERM.number(), "its path goes through the symbolic link " + path
                        + ", which others than root and the user of this endpoint can replace");
            }
            links.add(new Link(path, steps.stream().map(Step::id).toList()));
            if (links.size() > MOST_LINKS) {
                throw new FsException(Errno.ELOOP);
            }
            target = CallMemory.ofThread().fromBlock(Check.done(NameCalls.readLink(fd)));
        } finally {
            DescriptorCalls.close(fd);
        }
        if (target.length > 0 && target[0] == '/') {
            while (open.size() > 1) {
                pop();
            }
        }
        elements(target).descendingIterator().forEachRemaining(todo::addFirst);
    }

    /** What was gone through, from {@code /} on. */
    List<Step> steps() {
        return List.copyOf(steps);
    }

    /** The names that lead here without a link. */
    List<byte[]> names() {
        return List.copyOf(names.subList(1, names.size()));
    }

    /** The links that were followed. */
    List<Link> links() {
        return List.copyOf(links);
    }

    /** Where it has come to, for people. */
    private String path() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] name : names()) {
            out.write('/');
            out.writeBytes(name);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    /** The descriptor of where it has come to, which is then the caller's. Once. */
    int take() {
        return open.removeLast();
    }

    @Override
    public void close() {
        open.forEach(DescriptorCalls::close);
        open.clear();
    }
}
