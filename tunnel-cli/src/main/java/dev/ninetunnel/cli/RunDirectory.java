package dev.ninetunnel.cli;

import dev.ninetunnel.client.ChangeNotices;
import dev.ninetunnel.client.ForeignServerException;
import dev.ninetunnel.client.Login;
import dev.ninetunnel.client.NineClient;
import dev.ninetunnel.client.Offer;
import dev.ninetunnel.client.RemoteFiles;
import dev.ninetunnel.wire.Escaped;
import dev.ninetunnel.wire.Text;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * Where the sockets of endpoints are, and who may answer there: the user who runs this, and root. Root itself may also use the
 * endpoint of another user, whose directory it names. Others could answer in an endpoint's place, and show or take files.
 *
 * @param named whether the user has said which, rather than it being the usual one
 */
public record RunDirectory(Path path, boolean named) {
    private static final int ROOT = 0;
    private static final String SUFFIX = ".9p";

    /** Whose files are posted here, safe to show, in order. */
    List<String> posted() throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> sockets = Files.newDirectoryStream(path, "*" + SUFFIX)) {
            sockets.forEach(socket -> {
                String name = socket.getFileName().toString();
                names.add(Escaped.of(name.substring(0, name.length() - SUFFIX.length())));
            });
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        names.sort(null);
        return names;
    }

    /** A conversation with what listens at a socket here. */
    RemoteFiles connect(Path socket, Text aname) throws IOException {
        return connect(socket, aname, () -> {});
    }

    /** The same, with something to do whenever nothing has come for a second where an answer is awaited; it does not block. */
    RemoteFiles connect(Path socket, Text aname, Runnable onSilence) throws IOException {
        Login login = Login.ofThisProcess(aname);
        return RemoteFiles.connect(UnixDomainSocketAddress.of(socket), offer(login).withExtended().onSilence(onSilence),
                login);
    }

    /** The same, and something hears from then on when what was looked at has changed. */
    RemoteFiles connect(Path socket, Text aname, Runnable onSilence, ChangeNotices notices) throws IOException {
        Login login = Login.ofThisProcess(aname);
        return RemoteFiles.connect(UnixDomainSocketAddress.of(socket), offer(login).onSilence(onSilence), login,
                notices);
    }

    /** The same, for a caller that sends its own requests, takes leases, and has messages of as many bytes. The loops stay the caller's. */
    CompletableFuture<NineClient> client(EventLoopGroup loops, Path socket, Login login, int msize) throws IOException {
        return NineClient.connect(loops, UnixDomainSocketAddress.of(socket),
                offer(login).withLeases().withMsize(msize));
    }

    /** Makes sure that at a socket here answers who may, for what connects to it by itself. */
    void requireOwn(Path socket) {
        EventLoopGroup loops = NineClient.loops(1);
        try {
            NineClient.connect(loops, UnixDomainSocketAddress.of(socket), offer(Login.ofThisProcess(Text.EMPTY))).join()
                    .close();
        } catch (IOException e) {
            throw unanswered(socket, e);
        } catch (CompletionException e) {
            throw e.getCause() instanceof ForeignServerException foreign
                    ? foreign(foreign)
                    : unanswered(socket, e.getCause());
        } finally {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    private static Failure unanswered(Path socket, Throwable e) {
        return new Failure(Failure.UNAVAILABLE, "no endpoint answers at " + socket + " (" + e.getMessage()
                + "): start 'ninetunnel dial' or 'ninetunnel listen', or say with --home and --run which is meant", e);
    }

    private Offer offer(Login self) throws IOException {
        if (!self.hasNumber()) {
            return Offer.any();
        }
        Set<Integer> servers = servers(self.uid(), owner());
        if (!servers.contains(owner()) || !servers.contains(owner(LinkOption.NOFOLLOW_LINKS))) {
            throw foreign("the directory " + path + ", or a link to it, belongs to another user", null);
        }
        return Offer.any().to(servers);
    }

    /** Whose processes may answer. */
    Set<Integer> servers(int self, int owner) {
        Set<Integer> users = new HashSet<>(List.of(self, ROOT));
        if (named && self == ROOT) {
            users.add(owner);
        }
        return users;
    }

    private int owner(LinkOption... options) throws IOException {
        try {
            return (Integer) Files.getAttribute(path, "unix:uid", options);
        } catch (NoSuchFileException e) {
            throw new IOException("there is no directory " + path, e);
        }
    }

    static Failure foreign(ForeignServerException e) {
        return foreign(e.getMessage(), e);
    }

    private static Failure foreign(String what, Throwable cause) {
        return new Failure(Failure.NO_PERMISSION,
                what + ", who could be anybody: nothing was said to it. Run this as the user "
                        + "who runs the endpoint, or as root, with --run for that user's directory",
                cause);
    }
}
