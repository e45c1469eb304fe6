package dev.ninetunnel.link.dial;

import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.wire.Escaped;

/** Where a peer is, and the way to it. */
public sealed interface Destination {
    /** A host to connect to. */
    record Direct(HostPort where) implements Destination {
        @Override
        public String toString() {
            return where.toString();
        }
    }

    /** A host that a proxy is asked to connect to. */
    record Proxied(HostPort where, Proxy proxy) implements Destination {
        @Override
        public String toString() {
            return where + " through the proxy " + proxy;
        }
    }

    /** A command that leads there with its standard input and output, run by {@code /bin/sh -c}. */
    record Via(String command) implements Destination {
        @Override
        public String toString() {
            return "the end of '" + Escaped.of(command) + "'";
        }
    }
}
