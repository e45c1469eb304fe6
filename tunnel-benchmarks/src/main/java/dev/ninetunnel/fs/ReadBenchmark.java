package dev.ninetunnel.fs;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ninetunnel.benchmarks.Jvm;
import dev.ninetunnel.fs.local.LocalTrees;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Reading a file of an exported directory that is in the kernel's memory, into memory outside the heap. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgs = {Jvm.NATIVE, Jvm.UNSAFE, Jvm.LEAKS, Jvm.COLLECTOR})
public class ReadBenchmark {
    private static final String NAME = "file";

    /** How much is read at once. */
    @Param({"4096", "131072"})
    public int bytes;

    private Path directory;
    private FileTree tree;
    private Node root;
    private Node node;
    private OpenFile file;
    private ByteBuffer buffer;

    @Setup
    public void open() throws IOException, FsException {
        directory = Files.createTempDirectory("ninetunnel-benchmark");
        Files.write(directory.resolve(NAME), new byte[bytes]);
        tree = new LocalTrees().open(directory);
        root = tree.root(Caller.SELF);
        node = root.walk(NAME.getBytes(UTF_8));
        file = node.open(OpenHow.READ);
        buffer = ByteBuffer.allocateDirect(bytes);
    }

    @TearDown
    public void close() throws IOException {
        file.close();
        node.close();
        root.close();
        tree.close();
        Files.delete(directory.resolve(NAME));
        Files.delete(directory);
    }

    /** As a worker reads. */
    @Benchmark
    public void read() throws FsException {
        whole(file.read(0, buffer.clear()));
    }

    /** As the event loop reads; fails on file systems that cannot say what is in memory. */
    @Benchmark
    public void readAtOnce() throws FsException {
        whole(file.readAtOnce(0, buffer.clear()));
    }

    private void whole(int got) {
        if (got != bytes) {
            throw new IllegalStateException("read " + got + " of " + bytes + " bytes in " + directory);
        }
    }
}
