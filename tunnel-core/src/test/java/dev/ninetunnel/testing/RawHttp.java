package dev.ninetunnel.testing;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Requests of HTTP/1.1, byte by byte as a test wants them, and whatever comes back. */
public final class RawHttp {
    private RawHttp() {}

    /** Gets a path as programs on this machine do, with further header lines, each with its line end. Returns all of the answer. */
    public static String get(InetSocketAddress server, String path, String... headers) throws IOException {
        return exchange(server, "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + server.getPort() + "\r\n"
                + String.join("", headers) + "Connection: close\r\n\r\n");
    }

    /** Sends this on a connection of its own, and returns what comes until the server closes it. */
    public static String exchange(InetSocketAddress server, String request) throws IOException {
        try (Socket socket = new Socket(server.getAddress(), server.getPort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** What is behind the headers of an answer. */
    public static String body(String answer) {
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }
}
