package dev.ninetunnel.serve;

import dev.ninetunnel.export.Export;
import dev.ninetunnel.link.BoundedLog;
import dev.ninetunnel.wire.Escaped;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** The bytes to and from an upstream server, whatever carries them. Reading and writing block; closing ends both. */
sealed interface UpstreamPipe {
    /** Reads some bytes; -1 at the end. */
    int read(ByteBuffer into) throws IOException;

    /** Writes all bytes. */
    void write(ByteBuffer[] from) throws IOException;

    void close();

    /** Connects, or starts the command, whose standard error goes to the log. Blocks. */
    static UpstreamPipe open(Export.Address address, BoundedLog log) throws IOException {
        return switch (address) {
            case Export.Address.Tcp(InetSocketAddress at) -> tcp(at);
            case Export.Address.Unix(java.nio.file.Path path) -> unix(path);
            case Export.Address.Exec(String command) -> new Command(command, log);
        };
    }

    private static Socket tcp(InetSocketAddress at) throws IOException {
        InetSocketAddress found = at.isUnresolved() ? new InetSocketAddress(at.getHostString(), at.getPort()) : at;
        if (found.isUnresolved()) {
            throw new IOException("there is no host named " + Escaped.of(at.getHostString()));
        }
        SocketChannel channel = SocketChannel.open();
        try {
            channel.socket().connect(found, Socket.CONNECT_MILLIS);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            return new Socket(channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static Socket unix(java.nio.file.Path path) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(path));
            return new Socket(channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** A TCP connection or unix socket. */
    record Socket(SocketChannel channel) implements UpstreamPipe {
        private static final int CONNECT_MILLIS = 10_000;

        @Override
        public int read(ByteBuffer into) throws IOException {
            return channel.read(into);
        }

        @Override
        public void write(ByteBuffer[] from) throws IOException {
            ByteBuffer last = from[from.length - 1];
            while (last.hasRemaining()) {
                channel.write(from);
            }
        }

        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                // It is of no use any more in either case.
            }
        }
    }

    /** A command's standard input and output. What it says on its standard error goes to the log. */
    final class Command implements UpstreamPipe {
        private static final long PATIENCE_SECONDS = 2;

        private final Process process;
        private final ReadableByteChannel in;
        private final OutputStream out;

        private Command(String command, BoundedLog log) throws IOException {
            process = new ProcessBuilder("/bin/sh", "-c", command).start();
            in = Channels.newChannel(process.getInputStream());
            out = process.getOutputStream();
            Thread.ofVirtual().name("upstream-log").start(() -> say(command, log));
        }

        private void say(String command, BoundedLog log) {
            try (BufferedReader lines = new BufferedReader(
                    new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    log.info("upstream " + Escaped.of(command) + ": " + Escaped.of(line));
                }
            } catch (IOException e) {
                // It has ended, and has nothing more to say.
            }
        }

        @Override
        public int read(ByteBuffer into) throws IOException {
            return in.read(into);
        }

        @Override
        public void write(ByteBuffer[] from) throws IOException {
            for (ByteBuffer b : from) {
                byte[] bytes = new byte[b.remaining()];
                b.get(bytes);
                out.write(bytes);
            }
            out.flush();
        }

        /** Closes its input, asks it to end, and after a while ends it. Does not block. */
        @Override
        public void close() {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
            Thread.ofVirtual().name("upstream-end").start(this::insist);
        }

        private void insist() {
            try {
                if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    process.descendants().forEach(ProcessHandle::destroyForcibly);
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
