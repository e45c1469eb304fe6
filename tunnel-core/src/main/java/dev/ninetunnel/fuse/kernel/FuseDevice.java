package dev.ninetunnel.fuse.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.linux.CallMemory;
import dev.ninetunnel.linux.DescriptorCalls;
import dev.ninetunnel.linux.Syscall;
import dev.ninetunnel.linux.VectorCalls;
import io.netty.buffer.ByteBuf;
import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Stream;

/**
 * A descriptor of {@code /dev/fuse} that is mounted (fuse(4)). The program {@code fusermount3} opens and mounts it, which takes no
 * root, and hands the descriptor over a socket (SCM_RIGHTS, unix(7)). Any thread; each request goes to one reader.
 */
public final class FuseDevice implements AutoCloseable {
    private static final String PROGRAM = "fusermount3";
    /** The variable that names the descriptor of the socket to that program. */
    private static final String SOCKET = "_FUSE_COMMFD";
    /** {@code AF_UNIX} and {@code SOCK_STREAM}. */
    private static final int UNIX = 1;
    private static final int STREAM = 1;
    /** {@code MSG_CMSG_CLOEXEC}: what is received is not inherited either. */
    private static final int RECEIVE_CLOSE_ON_EXEC = 0x40000000;
    /** {@code struct msghdr}, and {@code struct cmsghdr} with one descriptor, on machines of 64 bits. */
    private static final int MESSAGE = 56;
    private static final int CONTROL_HEADER = 16;
    private static final int CONTROL = 24;
    /** {@code STATX_BASIC_STATS}. */
    private static final long ALL_OF_STAT = 0x7ff;
    /** {@code AT_STATX_FORCE_SYNC}: without it, the kernel would say what it knows. */
    private static final int ASK = 0x2000;
    /** After so long without an answer there is somebody to answer. */
    private static final long PATIENCE_SECONDS = 3;
    /** {@code struct iovec}. */
    private static final int PIECE = 16;
    /** Of pwritev2(2): as writev(2). */
    private static final long NO_OFFSET = -1;

    private final int fd;
    private final Path directory;
    private final ReentrantReadWriteLock use = new ReentrantReadWriteLock();
    private boolean closed;

    private FuseDevice(int fd, Path directory) {
        this.fd = fd;
        this.directory = directory;
    }

    /**
     * Mounts a directory, until the device is closed or somebody unmounts it.
     *
     * @param options as fusermount3 takes them, such as {@code fsname=server:}
     * @throws IOException with words for people: what is missing, and how to get it
     */
    public static FuseDevice mount(Path directory, List<String> options) throws IOException {
        requireAvailable();
        Path program = program();
        int[] pair = pair();
        try {
            Map<String, String> environment = new HashMap<>(System.getenv());
            environment.put(SOCKET, Integer.toString(pair[1]));
            int process = Spawn.start(List.of(program.toString(), "-o", String.join(",", options), "--",
                    directory.toString()), environment);
            pair[1] = closed(pair[1]);
            int fd = receive(pair[0]);
            int status = Spawn.await(process);
            if (fd < 0) {
                throw new IOException(PROGRAM + " could not mount " + directory + ", and ended with " + status
                        + ": it has said why above");
            }
            return new FuseDevice(fd, directory);
        } finally {
            closed(pair[0]);
            closed(pair[1]);
        }
    }

    /**
     * Looks for what mounting takes.
     *
     * @throws IOException with words for people: what is missing, and how to get it
     */
    public static void requireAvailable() throws IOException {
        program();
        Path device = Path.of("/dev/fuse");
        if (!Files.exists(device)) {
            throw new IOException(
                    "there is no /dev/fuse: load the kernel's module (modprobe fuse), or, in a container, "
                            + "give it the device");
        }
        if (!Files.isReadable(device) || !Files.isWritable(device)) {
            throw new IOException(
                    "this user may not open /dev/fuse: give it mode 0666, which is usual (chmod 666 /dev/fuse)");
        }
    }

    /**
     * Unmounts a mount, as the user who made it. {@code fusermount3 -u} does the same.
     *
     * @param detach from programs that use it still, too
     */
    public static void unmount(Path directory, boolean detach) throws IOException {
        String flags = detach ? "-uz" : "-u";
        int status = Spawn.await(Spawn.start(List.of(program().toString(), flags, "--", directory.toString()),
                System.getenv()));
        if (status != 0) {
            throw new IOException(PROGRAM + " " + flags + " " + directory + " ended with " + status
                    + ": it has said why above");
        }
    }

    /**
     * Whether what is mounted there has lost the process behind it (ENOTCONN). Not if nothing is heard for 3 seconds: that one waits
     * for its server.
     */
    public static boolean isDead(Path directory) {
        FutureTask<Boolean> asking = new FutureTask<>(() -> hasNobodyBehind(directory));
        Thread.ofPlatform().daemon().start(asking);
        try {
            return asking.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException _) {
            return false;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private static boolean hasNobodyBehind(Path directory) {
        CallMemory s = CallMemory.ofThread();
        long path = s.name(directory.toString().getBytes(StandardCharsets.UTF_8)).address();
        long result = Syscall.STATX.call(s, 0, path, ASK, ALL_OF_STAT, s.struct.address());
        return result == -Errno.ENOTCONN.number();
    }

    private static Path program() throws IOException {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.concat(Stream.of(path.split(File.pathSeparator)), Stream.of("/usr/bin", "/bin"))
                .filter(folder -> folder.startsWith("/"))
                .map(folder -> Path.of(folder, PROGRAM))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IOException("there is no " + PROGRAM + ", which mounts without root: install it "
                        + "(Debian, Fedora, Alpine, Arch: the package fuse3)"));
    }

    private static int[] pair() throws IOException {
        CallMemory s = CallMemory.ofThread();
        require("socketpair", Syscall.SOCKETPAIR.call(s, UNIX, STREAM, 0, s.struct.address()));
        int[] pair = {s.struct.get(JAVA_INT, 0), s.struct.get(JAVA_INT, 4)};
        DescriptorCalls.keepFromPrograms(pair[0]);
        return pair;
    }

    private static int closed(int fd) {
        if (fd >= 0) {
            Syscall.CLOSE.call(CallMemory.ofThread(), fd);
        }
        return -1;
    }

    /** The descriptor that comes with a byte; negative if the socket is closed instead. */
    private static int receive(int socket) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment message = arena.allocate(MESSAGE, 8);
            MemorySegment piece = arena.allocate(PIECE, 8);
            MemorySegment control = arena.allocate(CONTROL, 8);
            MemorySegment data = arena.allocate(8);
            piece.set(JAVA_LONG, 0, data.address());
            piece.set(JAVA_LONG, 8, 1);
            message.set(JAVA_LONG, 16, piece.address());
            message.set(JAVA_LONG, 24, 1);
            message.set(JAVA_LONG, 32, control.address());
            message.set(JAVA_LONG, 40, CONTROL);
            long got;
            do {
                got = Syscall.RECVMSG.call(CallMemory.ofThread(), socket, message.address(), RECEIVE_CLOSE_ON_EXEC);
            } while (got == -Errno.EINTR.number());
            require("recvmsg", got);
            return got == 0 || message.get(JAVA_LONG, 40) < CONTROL ? -1 : control.get(JAVA_INT, CONTROL_HEADER);
        }
    }

    private static void require(String call, long result) throws IOException {
        if (result < 0) {
            throw new IOException(call + ": " + Errno.of((int) -result).words());
        }
    }

    /** Its number, to be waited for by who reads it. */
    int descriptor() {
        return fd;
    }

    /** From now on {@link #read} says EAGAIN where there is no request. */
    void doNotWait() {
        DescriptorCalls.neverBlock(fd);
    }

    /** Where it is mounted. */
    public Path directory() {
        return directory;
    }

    /**
     * Takes a request, and puts it into memory; waits for one unless {@link #doNotWait} was called. How many bytes it has, or minus an
     * error number: ENODEV once it is unmounted, ENOENT if the request was taken back, EINTR, EAGAIN.
     */
    public int read(long address, int room) {
        return (int) Syscall.READ.call(CallMemory.ofThread(), fd, address, room);
    }

    /**
     * Hands the kernel an answer or a notice, whose parts are outside the heap and stay their owner's. 0, or minus an error number:
     * ENOENT if nobody waits for it any more, ENODEV if the device is closed.
     *
     * @param body in as many pieces as it came in; may be empty
     */
    public int write(ByteBuf head, ByteBuf body) {
        use.readLock().lock();
        try {
            // The number of a descriptor that is closed may be another file's by now.
            return closed ? -Errno.ENODEV.number() : (int) Math.min(0, writeOpen(head, body));
        } finally {
            use.readLock().unlock();
        }
    }

    private long writeOpen(ByteBuf head, ByteBuf body) {
        if (body.isReadable() && !body.hasMemoryAddress()) {
            ByteBuffer[] pieces = body.nioBuffers();
            ByteBuffer[] all = new ByteBuffer[1 + pieces.length];
            all[0] = head.nioBuffer();
            System.arraycopy(pieces, 0, all, 1, pieces.length);
            return VectorCalls.write(fd, all, NO_OFFSET);
        }
        CallMemory s = CallMemory.ofThread();
        piece(s, 0, head);
        if (body.isReadable()) {
            piece(s, PIECE, body);
        }
        return Syscall.WRITEV.call(s, fd, s.struct.address(), body.isReadable() ? 2 : 1);
    }

    private static void piece(CallMemory s, int at, ByteBuf bytes) {
        s.struct.set(JAVA_LONG, at, bytes.memoryAddress() + bytes.readerIndex());
        s.struct.set(JAVA_LONG, at + 8, bytes.readableBytes());
    }

    /** Ends it, when no thread reads it any more: what waits fails, and the directory is empty again once it is unmounted. */
    @Override
    public void close() {
        use.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                Syscall.CLOSE.call(CallMemory.ofThread(), fd);
            }
        } finally {
            use.writeLock().unlock();
        }
    }
}
