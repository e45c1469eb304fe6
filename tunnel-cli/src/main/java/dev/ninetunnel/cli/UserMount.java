package dev.ninetunnel.cli;

import dev.ninetunnel.cli.options.MountOptions;
import dev.ninetunnel.client.ConversationException;
import dev.ninetunnel.client.ForeignServerException;
import dev.ninetunnel.client.Login;
import dev.ninetunnel.client.NineClient;
import dev.ninetunnel.client.Offer;
import dev.ninetunnel.client.RefusedException;
import dev.ninetunnel.fuse.FuseMount;
import dev.ninetunnel.fuse.FuseSettings;
import dev.ninetunnel.fuse.Mount;
import dev.ninetunnel.fuse.Owners;
import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Text;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** A server's files in this machine's tree by FUSE, which takes no root; this process is behind it. Used by one thread. */
final class UserMount implements Mounting {
    /** Messages for a MiB of data, the most that the kernel hands over at a time. */
    private static final int MSIZE = (1 << 20) + 4096;

    private final MountSource source;
    private final String name;
    private final RunDirectory run;
    private final MountPoint point;
    private final MountOptions options;
    private final boolean replacing;
    private EventLoopGroup loops;
    private Mount mount;

    /**
     * Not mounted yet.
     *
     * @param name of the source, which {@code mount} and {@code df} show
     * @param replacing whether it takes the place of an earlier mount of that name
     */
    UserMount(MountSource source, String name, RunDirectory run, MountPoint point, MountOptions options,
            boolean replacing) {
        this.source = source;
        this.name = name;
        this.run = run;
        this.point = point;
        this.options = options;
        this.replacing = replacing;
    }

    @Override
    public void mount() {
        if (replacing) {
            point.clear(name);
        }
        point.prepare(options.nonEmpty());
        if (source instanceof MountSource.OfPeer(PeerPath path)) {
            new PeerFiles(run, "").requireSocket(path.peer(), path.socket(run.path()));
        }
        Login login = Login.ofThisProcess(Text.of(source.aname()));
        loops = NineClient.loops(1);
        try {
            Owners owners = new Owners(options.self(), login.uid(), login.gid());
            mount = FuseMount.mount(() -> dial(login), point.directory(), name,
                    new FuseSettings(login, options.eachUser(), owners, options.soft(), options.closeLater(),
                            options.rest()));
        } catch (IOException e) {
            throw explained(e);
        } finally {
            if (mount == null) {
                loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            }
        }
    }

    /** A failure says to people what is wrong, also where it is logged later. */
    private CompletableFuture<NineClient> dial(Login login) {
        return connect(login).exceptionallyCompose(failure -> {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            return CompletableFuture.failedFuture(cause instanceof IOException e ? explained(e) : cause);
        });
    }

    private CompletableFuture<NineClient> connect(Login login) {
        Offer offer = new Offer(List.of(Dialect.LINUX, Dialect.UNIX, Dialect.PLAIN), true, true, MSIZE,
                Offer.any().patience(), Set.of(), Optional.empty());
        return switch (source) {
            case MountSource.OfPeer(PeerPath path) -> endpoint(path, login);
            case MountSource.OfTcp(HostPort at, String _) ->
                NineClient.connect(loops, new InetSocketAddress(at.host(), at.port()), offer);
            case MountSource.OfUnix(Path socket, String _) ->
                NineClient.connect(loops, UnixDomainSocketAddress.of(socket), offer);
        };
    }

    private CompletableFuture<NineClient> endpoint(PeerPath path, Login login) {
        try {
            return run.client(loops, path.socket(run.path()), login, MSIZE);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private Failure explained(IOException e) {
        if (e.getCause() instanceof Failure known) {
            return known;
        }
        return source instanceof MountSource.OfPeer(PeerPath path)
                && (e instanceof RefusedException || e instanceof ConversationException
                        || e instanceof ForeignServerException)
                                ? PeerFiles.unreachable(path.peer(), path.socket(run.path()), e)
                                : new Failure(Failure.UNAVAILABLE, "cannot mount " + name + ": " + e.getMessage(), e);
    }

    /** Waits until it is unmounted, by whomever. */
    void awaitEnd() {
        mount.ended().join();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    /** Takes it away from programs that use it still as well, for its server is about to go. */
    @Override
    public void unmount() {
        if (!mount.ended().isDone() && point.isOurs()) {
            point.unmount(true);
        }
    }
}
