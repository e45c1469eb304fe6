package dev.ninetunnel.fuse;

import dev.ninetunnel.client.NineClient;
import dev.ninetunnel.fuse.kernel.FuseDevice;
import dev.ninetunnel.fuse.kernel.KernelNotices;
import dev.ninetunnel.fuse.kernel.Negotiation;
import dev.ninetunnel.fuse.lease.Kernel;
import dev.ninetunnel.linux.BootClock;
import dev.ninetunnel.wire.Text;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/** A mount by FUSE, which takes no root. */
public final class FuseMount implements Mount {
    private final FuseServer server;
    private final Path directory;

    private FuseMount(FuseServer server, Path directory) {
        this.server = server;
        this.directory = directory;
    }

    /**
     * Mounts what a server has. Waits for the server and for fusermount3, so not for event loops.
     *
     * @param dialler connects to the server, now and whenever the conversation with it is lost; its clients are the mount's
     * @param name what {@code mount} and {@code df} show
     * @throws IOException with words for people
     */
    public static FuseMount mount(Supplier<CompletableFuture<NineClient>> dialler, Path directory, String name,
            FuseSettings settings) throws IOException {
        // Of several users, one could be shown what the kernel keeps of another's files.
        Kernel kernel = settings.eachUser() ? null : new Kernel(BootClock::nanoTime);
        Remote remote = new Remote(dialler, new Users(settings.login(), settings.eachUser()), kernel);
        try {
            Attachment attachment = await(remote.connect());
            InodeTable inodes = new InodeTable(await(attachment.ops().attributes(attachment.root())).qid(),
                    remote::forget);
            Negotiation negotiation = negotiate(attachment);
            Handles handles = new Handles();
            LockRequests locks = new LockRequests(remote, handles, lockClient());
            remote.begin(inodes.root(), locks::lost);
            FuseDevice device = FuseDevice.mount(directory, options(name, negotiation, settings.options()));
            if (kernel != null) {
                kernel.begin(new KernelNotices(device, negotiation), inodes::knows);
            }
            FuseServer server = new FuseServer(device, negotiation, remote, inodes, settings, locks, handles);
            server.ended().whenComplete((_, _) -> remote.close());
            server.start(attachment.conversation().client().loop());
            return new FuseMount(server, directory);
        } catch (IOException | RuntimeException e) {
            remote.close();
            throw e;
        }
    }

    /** A server tells owners of locks by this and a number: it has to be another one for each mount. */
    private static Text lockClient() {
        return Text.of("fuse-" + Long.toHexString(ProcessHandle.current().pid()) + "-"
                + Long.toHexString(System.nanoTime()));
    }

    private static Negotiation negotiate(Attachment attachment) throws IOException {
        NineClient client = attachment.conversation().client();
        if (client.dataSize() < Negotiation.PAGE) {
            throw new IOException(
                    "the server takes messages of " + client.msize() + " bytes at most, and a mount needs "
                            + "such as carry a page of " + Negotiation.PAGE);
        }
        return new Negotiation(client.dataSize(), attachment.ops().tellsAll());
    }

    private static List<String> options(String name, Negotiation negotiation, List<String> more) {
        List<String> all = new ArrayList<>(
                List.of("fsname=" + name.replace("\\", "\\\\").replace(",", "\\,"), "subtype=ninetunnel",
                        "nosuid", "nodev", "max_read=" + negotiation.data()));
        all.addAll(more);
        return all;
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

    /**
     * Looks whether anything can be mounted here.
     *
     * @throws IOException with words for people: what is missing, and how to get it
     */
    public static void requireAvailable() throws IOException {
        FuseDevice.requireAvailable();
    }

    /** Whether something is mounted there whose process has ended. */
    public static boolean isDead(Path directory) {
        return FuseDevice.isDead(directory);
    }
}
