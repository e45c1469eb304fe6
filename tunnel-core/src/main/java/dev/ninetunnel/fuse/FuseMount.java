package dev.ninetunnel.fuse;

import dev.ninetunnel.client.Login;
import dev.ninetunnel.client.NineClient;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Text;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** A mount by FUSE, which takes no root. */
public final class FuseMount implements Mount {
    private final FuseServer server;
    private final Path directory;

    private FuseMount(FuseServer server, Path directory) {
        this.server = server;
        this.directory = directory;
    }

    /**
     * Mounts what a server has. Waits for the server and for fusermount3, so not for event loops. The client is the mount's from here
     * on, and closed with it.
     *
     * @param name what {@code mount} and {@code df} show
     * @param options of fusermount3, besides those that are set here
     * @throws IOException with words for people
     */
    public static FuseMount mount(NineClient client, Login login, Path directory, String name, Owners owners,
            List<String> options) throws IOException {
        try {
            return begin(client, login, directory, name, owners, options);
        } catch (IOException | RuntimeException e) {
            client.close();
            throw e;
        }
    }

    private static FuseMount begin(NineClient client, Login login, Path directory, String name, Owners owners,
            List<String> options) throws IOException {
        if (client.dialect() != Dialect.LINUX) {
            throw new IOException("the server speaks " + client.dialect().version()
                    + ", and only what speaks 9P2000.L can be mounted so");
        }
        if (client.dataSize() < Negotiation.PAGE) {
            throw new IOException(
                    "the server takes messages of " + client.msize() + " bytes at most, and a mount needs "
                            + "such as carry a page of " + Negotiation.PAGE);
        }
        Remote remote = new Remote(client);
        int root = await(remote.attach(login.uname(), login.uid(), login.aname()));
        InodeTable inodes = new InodeTable(remote, root, await(remote.attributes(root)).qid().path());
        Negotiation negotiation = Negotiation.forDataOf(client.dataSize());
        List<String> all = new ArrayList<>(
                List.of("fsname=" + name.replace("\\", "\\\\").replace(",", "\\,"), "subtype=ninetunnel",
                        "nosuid", "nodev", "max_read=" + negotiation.data()));
        all.addAll(options);
        FuseDevice device = FuseDevice.mount(directory, all);
        Handles handles = new Handles();
        // A server tells owners of locks by this and a number: it has to be another one for each mount.
        Text lockClient = Text.of("fuse-" + Long.toHexString(ProcessHandle.current().pid()) + "-"
                + Long.toHexString(System.nanoTime()));
        FuseServer server = new FuseServer(device, negotiation, remote, inodes, owners,
                new LockRequests(remote, handles, lockClient), handles);
        server.ended().whenComplete((_, _) -> client.close());
        server.start();
        return new FuseMount(server, directory);
    }

    private static <R> R await(CompletableFuture<R> future) throws IOException {
        try {
            return future.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        }
    }

    @Override
    public CompletableFuture<Void> ended() {
        return server.ended();
    }

    @Override
    public void unmount() throws IOException {
        unmount(directory, false);
    }

    /**
     * Takes away a mount that any process has made.
     *
     * @param detach from programs that use it still, too
     * @throws IOException with words for people
     */
    public static void unmount(Path directory, boolean detach) throws IOException {
        FuseDevice.unmount(directory, detach);
    }

    /** Whether something is mounted there whose process has ended. */
    public static boolean isDead(Path directory) {
        return FuseDevice.isDead(directory);
    }
}
