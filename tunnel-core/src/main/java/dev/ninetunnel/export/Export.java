package dev.ninetunnel.export;

import java.net.InetSocketAddress;
import java.nio.file.Path;

/**
 * What an endpoint offers under a name.
 *
 * @param name by which a peer asks for it; empty for an upstream server that gets each aname as the peer wrote it
 */
public record Export(String name, Target target) {
    private static final int LONGEST_NAME = 255;

    public Export {
        if (name.indexOf('/') >= 0 || name.indexOf('\0') >= 0 || ".".equals(name) || "..".equals(name)
                || name.length() > LONGEST_NAME) {
            throw new IllegalArgumentException(
                    "an export cannot be named \"" + name + "\": a name is one element of a path");
        }
        if (name.isEmpty() && target instanceof Target.Directory) {
            throw new IllegalArgumentException("an exported directory needs a name");
        }
    }

    /** What is behind the name. */
    public sealed interface Target {
        /** What holds in it, whoever asks. */
        ExportOptions options();

        /** A directory of this machine. */
        record Directory(Path path, ExportOptions options) implements Target {
            /** With nothing said but whether it can be changed. */
            public Directory(Path path, boolean readOnly) {
                this(path, ExportOptions.ALL.withReadOnly(readOnly));
            }
        }

        /** Another 9P server, to which the requests are passed on. */
        record Upstream(Address address, ExportOptions options) implements Target {
            /** With nothing kept back. */
            public Upstream(Address address) {
                this(address, ExportOptions.ALL);
            }
        }
    }

    /** Where an upstream 9P server is found. */
    public sealed interface Address {
        /** By TCP; the name is looked up at each connecting. */
        record Tcp(InetSocketAddress at) implements Address {
            @Override
            public String toString() {
                return "tcp:" + at.getHostString() + ":" + at.getPort();
            }
        }

        /** On a unix socket. */
        record Unix(Path path) implements Address {
            @Override
            public String toString() {
                return "unix:" + path;
            }
        }

        /** A command for the shell, one process a connection, that speaks 9P on its standard input and output. */
        record Exec(String command) implements Address {
            @Override
            public String toString() {
                return "exec:" + command;
            }
        }
    }
}
