package dev.ninetunnel.endpoint.web;

import dev.ninetunnel.http.HttpServer;
import dev.ninetunnel.http.Pages;
import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.link.Transport;
import dev.ninetunnel.link.accept.BindFaults;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;

/**
 * What is told by HTTP, on a loop of its own, so that it answers even while the session loop is busy. Its methods wait, and are for
 * threads of the program around it.
 */
public final class WebServers implements AutoCloseable {
    /** None before the first server. */
    private EventLoopGroup loops;

    /**
     * Serves these pages there, until all is closed.
     *
     * @throws IOException if the port is not to be had, with a message for people
     */
    public synchronized HttpServer open(HostPort where, Pages pages) throws IOException {
        if (loops == null) {
            loops = Transport.newLoops(1);
        }
        try {
            InetSocketAddress address = where.host().isEmpty()
                    ? new InetSocketAddress(where.port())
                    : new InetSocketAddress(InetAddress.getByName(where.host()), where.port());
            return HttpServer.open(loops, Transport.of(loops).server(), address, pages);
        } catch (UnknownHostException e) {
            throw new IOException("cannot listen at " + where
                    + ": no address is known for " + where.host() + ". Give an address of this host, or the port alone",
                    e);
        } catch (IOException e) {
            throw new IOException(BindFaults.explain(where, e), e);
        }
    }

    @Override
    public synchronized void close() {
        if (loops != null) {
            loops.shutdownGracefully(0, 2_000, TimeUnit.MILLISECONDS).awaitUninterruptibly();
            loops = null;
        }
    }
}
