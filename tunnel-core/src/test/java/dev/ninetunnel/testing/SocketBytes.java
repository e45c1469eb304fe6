package dev.ninetunnel.testing;

import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;

/** A socket that has streams only, such as one with TLS, as a channel. */
final class SocketBytes implements ByteChannel {
    private final Socket socket;

    SocketBytes(Socket socket) {
        this.socket = socket;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        int n = socket.getInputStream().read(into.array(), into.arrayOffset() + into.position(), into.remaining());
        if (n > 0) {
            into.position(into.position() + n);
        }
        return n;
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        int n = from.remaining();
        socket.getOutputStream().write(from.array(), from.arrayOffset() + from.position(), n);
        socket.getOutputStream().flush();
        from.position(from.limit());
        return n;
    }

    @Override
    public boolean isOpen() {
        return !socket.isClosed();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
