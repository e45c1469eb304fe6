package dev.ninetunnel.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A file system of one directory with one file, {@code f}, which answers whatever it is asked but for reads of that file: they wait
 * until it is closed (linux/fuse.h). For root, where there is /dev/fuse.
 */
public final class FuseDisk implements AutoCloseable {
    private static final Path DEVICE = Path.of("/dev/fuse");
    private static final int IN_HEADER = 40;
    private static final int OUT_HEADER = 16;
    private static final int DIRECTORY = 0040755;
    private static final int FILE = 0100644;
    private static final int FILE_BYTES = 4096;
    /** FOPEN_DIRECT_IO. */
    private static final int DIRECT = 1;
    private static final int ENOENT = 2;
    private static final int ENOSYS = 38;

    private final Path directory;
    private final FileChannel device;
    private final Thread server = new Thread(this::serve, "fuse");
    private final AtomicInteger unanswered = new AtomicInteger();

    private FuseDisk(Path directory, FileChannel device) {
        this.directory = directory;
        this.device = device;
    }

    /** Whether this machine and user can have one. */
    public static boolean available() {
        return "root".equals(System.getProperty("user.name")) && Files.isWritable(DEVICE);
    }

    /** Mounts one on a directory. */
    public static FuseDisk mount(Path directory) throws IOException {
        List<Path> before = devices();
        FuseDisk disk = new FuseDisk(directory,
                FileChannel.open(DEVICE, StandardOpenOption.READ, StandardOpenOption.WRITE));
        Path descriptor = devices().stream().filter(fd -> !before.contains(fd)).findFirst().orElseThrow();
        mount(directory, "fd=" + descriptor.getFileName() + ",rootmode=40000,user_id=0,group_id=0,allow_other");
        disk.server.setDaemon(true);
        disk.server.start();
        return disk;
    }

    /** How many reads wait. */
    public int unanswered() {
        return unanswered.get();
    }

    private static List<Path> devices() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.filter(FuseDisk::isDevice).toList();
        }
    }

    private static boolean isDevice(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).equals(DEVICE);
        } catch (IOException e) {
            return false;
        }
    }

    private static void mount(Path directory, String options) {
        MethodHandle mount = Linker.nativeLinker().downcallHandle(
                Linker.nativeLinker().defaultLookup().findOrThrow("mount"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS,
                        ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment fuse = arena.allocateFrom("fuse");
            int failed = (int) mount.invokeExact(fuse, arena.allocateFrom(directory.toString()), fuse, 0L,
                    arena.allocateFrom(options));
            assertThat(failed).as("mount on %s", directory).isZero();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private void serve() {
        ByteBuffer in = ByteBuffer.allocateDirect(1 << 17).order(ByteOrder.nativeOrder());
        try {
            while (device.read(in.clear()) > 0) {
                ByteBuffer out = answer(in.flip());
                if (out != null) {
                    device.write(out);
                }
            }
        } catch (IOException e) {
            // It was unmounted, or closed.
            return;
        }
    }

    /** The answer, or null if there is none. */
    private ByteBuffer answer(ByteBuffer in) {
        int operation = in.getInt(4);
        long unique = in.getLong(8);
        long node = in.getLong(16);
        return switch (operation) {
            case 1 -> lookup(unique, in);
            case 3 -> attributes(out(unique, 0, 104).putLong(0).putLong(0), node == 1).rewind();
            case 14 -> out(unique, 0, 16).putLong(0).putInt(DIRECT).rewind(); // OPEN: no page is locked by a read
            case 27 -> out(unique, 0, 16).rewind(); // OPENDIR
            case 15 -> {
                unanswered.incrementAndGet(); // READ
                yield null;
            }
            case 17 -> out(unique, 0, 80).rewind(); // STATFS
            case 18, 25, 28, 29, 44 -> out(unique, 0, 0).rewind(); // RELEASE, FLUSH, READDIR, RELEASEDIR
            case 2, 36, 42 -> null; // FORGET, INTERRUPT
            case 26 -> out(unique, 0, 64).putInt(7).putInt(31).putInt(0).putInt(0).putInt(0).putInt(4096).putInt(1)
                    .rewind();
            default -> out(unique, -ENOSYS, 0).rewind();
        };
    }

    private static ByteBuffer lookup(long unique, ByteBuffer in) {
        if (in.get(IN_HEADER) != 'f' || in.get(IN_HEADER + 1) != 0) {
            return out(unique, -ENOENT, 0).rewind();
        }
        return attributes(out(unique, 0, 128).putLong(2).putLong(0).putLong(0).putLong(0).putLong(0), false).rewind();
    }

    private static ByteBuffer attributes(ByteBuffer out, boolean directory) {
        out.putLong(directory ? 1 : 2).putLong(directory ? 0 : FILE_BYTES).putLong(8);
        out.position(out.position() + 3 * Long.BYTES + 3 * Integer.BYTES);
        return out.putInt(directory ? DIRECTORY : FILE).putInt(1).putInt(0).putInt(0).putInt(0).putInt(4096).putInt(0);
    }

    private static ByteBuffer out(long unique, int error, int body) {
        return ByteBuffer.allocateDirect(OUT_HEADER + body).order(ByteOrder.nativeOrder()).putInt(OUT_HEADER + body)
                .putInt(error).putLong(unique);
    }

    /** Every call that waits fails, and it is unmounted. */
    @Override
    public void close() throws IOException {
        try {
            new ProcessBuilder("umount", "-f", "-l", directory.toString()).redirectErrorStream(true).start().waitFor();
            device.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
