package dev.ninetunnel.link;

import dev.ninetunnel.link.dial.Proxy;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

/**
 * An HTTP proxy that answers each connection as it is told: with the next of some texts, and after one that ends with a
 * status of 2xx it connects to the one host that there is, whatever it was asked for.
 */
public final class ScriptedProxy implements AutoCloseable {
    private static final Pattern YES = Pattern.compile("^HTTP/1\\.[01] 2[0-9][0-9]", Pattern.MULTILINE);

    private final ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    private final List<String> answers;
    private final HostPort host;
    public final List<String> requests = new CopyOnWriteArrayList<>();

    public ScriptedProxy(HostPort host, String... answers) throws IOException {
        this.host = host;
        this.answers = Arrays.asList(answers);
        Thread.ofVirtual().start(this::run);
    }

    public Proxy proxy() {
        return Proxy.parse("http://127.0.0.1:" + server.getLocalPort());
    }

    private void run() {
        for (String answer : answers) {
            try {
                Socket client = server.accept();
                Thread.ofVirtual().start(() -> serve(client, answer));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket client, String answer) {
        try (client) {
            InputStream in = client.getInputStream();
            StringBuilder request = new StringBuilder();
            while (request.indexOf("\r\n\r\n") < 0) {
                int b = in.read();
                if (b < 0) {
                    return;
                }
                request.append((char) b);
            }
            requests.add(request.toString());
            OutputStream out = client.getOutputStream();
            out.write(answer.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            if (YES.matcher(answer).find()) {
                try (Socket far = new Socket(host.host(), host.port())) {
                    Thread.ofVirtual().start(() -> carry(far, client));
                    carry(client, far);
                }
            } else {
                in.transferTo(OutputStream.nullOutputStream());
            }
        } catch (IOException e) {
            // the other side has had enough
        }
    }

    private static void carry(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            // over
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
