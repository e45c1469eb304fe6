package dev.ninetunnel.client;

import dev.ninetunnel.client.data.BulkRead;
import dev.ninetunnel.client.data.BulkWrite;
import dev.ninetunnel.client.data.CommonStart;
import dev.ninetunnel.client.data.ComparingSink;
import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.DirectoryEntry;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rstatfs;
import dev.ninetunnel.wire.message.Tsetattr;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketAddress;
import java.nio.channels.SeekableByteChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * The files of a 9P server, one operation a method, in 9P2000.L or (less rich) in 9P2000, as the client has agreed.
 * Each method waits for the server. What the server refuses is a {@link RefusedException} that names the file; when the
 * conversation ends, everything fails with a {@link ConversationException}. Every fid is clunked in the end.
 *
 * <p>Symbolic links are not followed. May be used by several threads, but not on an event loop.
 */
public final class RemoteFiles implements AutoCloseable {
    /** More entries than this in one directory are taken for a server that never ends its list. */
    private static final int MOST_ENTRIES = 10_000_000;

    /** Access modes of open(2). */
    private static final int READ_ONLY = 0;
    static final int WRITE_ONLY = 1;
    /** Of Tsetattr. */
    private static final int SET_MODE = 0x1;
    private static final int SET_SIZE = 0x8;
    private static final int SET_MTIME = 0x20;
    private static final int SET_MTIME_TO_THIS = 0x100;

    private static final Duration FAREWELL = Duration.ofSeconds(2);

    private final NineClient client;
    private final RpcCalls rpcCalls;
    private final DialectOps dialectOps;
    private final Fid root;
    private final Map<RemotePath, Fid> held = new ConcurrentHashMap<>();
    private final int gid;
    private final Runnable release;

    private RemoteFiles(NineClient client, RpcCalls rpcCalls, DialectOps dialectOps, Fid root, int gid,
            Runnable release) {
        this.client = client;
        this.rpcCalls = rpcCalls;
        this.dialectOps = dialectOps;
        this.root = root;
        this.gid = gid;
        this.release = release;
    }

    /** Attaches over a client, which stays the caller's to close. */
    public static RemoteFiles attach(NineClient client, Login login) throws IOException {
        return attach(client, client, login, () -> {});
    }

    /** Connects, with a thread of its own that ends with {@link #close}, and attaches. */
    public static RemoteFiles connect(SocketAddress address, Offer offer, Login login) throws IOException {
        return connect(address, offer, login, client -> client);
    }

    /** The same, and something hears from then on when what was looked at has changed. */
    public static RemoteFiles connect(SocketAddress address, Offer offer, Login login, ChangeNotices notices)
            throws IOException {
        return connect(address, offer.withLeases(), login, notices::over);
    }

    private static RemoteFiles connect(SocketAddress address, Offer offer, Login login,
            Function<NineClient, Rpc> sender)
            throws IOException {
        EventLoopGroup loops = NineClient.loops(1);
        Runnable release = () -> loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        try {
            NineClient client = RpcCalls.await(NineClient.connect(loops, address, offer));
            return attach(client, sender.apply(client), login, () -> {
                client.close();
                release.run();
            });
        } catch (IOException e) {
            release.run();
            throw e;
        }
    }

    private static RemoteFiles attach(NineClient client, Rpc rpc, Login login, Runnable release) throws IOException {
        RpcCalls rpcCalls = new RpcCalls(client, rpc);
        DialectOps dialectOps = DialectOps.of(client.dialect(), rpcCalls.calls());
        try {
            FidCalls.Walked root = rpcCalls.wait(() -> dialectOps.attach(login));
            return new RemoteFiles(client, rpcCalls, dialectOps, new Fid(rpcCalls, root.fid(), root.qid()),
                    login.gid(), release);
        } catch (RefusedException e) {
            throw e.about("cannot attach to \"" + login.aname() + '"');
        }
    }

    /** What is known of a file. */
    public FileStatus status(RemotePath path) throws IOException {
        return at(path, this::status);
    }

    private FileStatus status(Fid fid) throws IOException {
        return dialectOps.status(rpcCalls.call(dialectOps.askStatus(fid.number()), Rmessage.class));
    }

    /** What is known of some entries of a directory, in order; empty where the server refuses, or the entry is gone. */
    public List<Optional<FileStatus>> statuses(RemotePath directory, List<RemoteEntry> entries) throws IOException {
        List<Text> names = entries.stream().map(RemoteEntry::name).toList();
        return at(directory, fid -> new StatusBatch(rpcCalls, dialectOps, fid).of(names));
    }

    /** The entries of a directory, in the server's order, without {@code .} and {@code ..}. */
    public List<RemoteEntry> list(RemotePath path) throws IOException {
        List<RemoteEntry> entries = new ArrayList<>();
        list(path, entries::add);
        return entries;
    }

    /** Hands out the entries of a directory as they come. */
    public void list(RemotePath path, Consumer<RemoteEntry> entries) throws IOException {
        at(path, fid -> {
            list(fid, entries);
            return null;
        });
    }

    private void list(Fid directory, Consumer<RemoteEntry> entries) throws IOException {
        if (!directory.qid().isDirectory()) {
            throw RefusedException.of(Errno.ENOTDIR);
        }
        int count = client.chunk(openToRead(directory));
        int seen = 0;
        DialectOps.DirectoryPart part = new DialectOps.DirectoryPart(List.of(), 0, false);
        while (!part.end()) {
            long next = part.next();
            part = rpcCalls.wait(() -> dialectOps.readDirectory(directory.number(), next, count));
            for (DirectoryEntry entry : part.entries()) {
                seen++;
                boolean dots = dialectOps.tellsAll() && RemotePath.isDots(entry.name());
                if (!dots) {
                    entries.accept(new RemoteEntry(DialectOps.checkedName(entry.name()), FileKind.ofEntry(entry)));
                }
            }
            if (seen > MOST_ENTRIES) {
                throw new ConversationException("the server lists more than " + MOST_ENTRIES + " entries");
            }
        }
    }

    private int openToRead(Fid fid) throws IOException {
        return rpcCalls.wait(() -> dialectOps.open(fid.number(), READ_ONLY)).iounit();
    }

    /** Reads a whole file into the sink, which stays open. Returns how many bytes that were. */
    public long read(RemotePath path, OutputStream sink, Progress progress) throws IOException {
        return read(path, 0, sink, progress);
    }

    /** Reads a file from a place on into the sink, which stays open. Returns where the file ended. */
    public long read(RemotePath path, long from, OutputStream sink, Progress progress) throws IOException {
        return at(path, fid -> {
            requireFile(fid);
            long size = status(fid).size();
            int chunk = client.chunk(openToRead(fid));
            return new BulkRead(client, fid.number(), from, chunk, size, sink, progress).run();
        });
    }

    private static void requireFile(Fid fid) throws RefusedException {
        if (fid.qid().isDirectory()) {
            throw RefusedException.of(Errno.EISDIR);
        }
    }

    /**
     * How many bytes at the start of a file a local one has as well, as far as whole blocks are the same: by checksums that each
     * side makes of its own. Empty where the server makes none.
     *
     * @param length how many to compare at most
     */
    public OptionalLong commonStart(RemotePath path, SeekableByteChannel local, long length) throws IOException {
        if (!client.extended()) {
            return OptionalLong.empty();
        }
        return at(path, fid -> {
            requireFile(fid);
            openToRead(fid);
            try {
                return OptionalLong.of(new CommonStart(client, fid.number(), local, length).find());
            } catch (RefusedException e) {
                if (e.is(Errno.EOPNOTSUPP) || e.is(Errno.ENOSYS)) {
                    return OptionalLong.empty();
                }
                throw e;
            }
        });
    }

    /**
     * Whether a file has the content of a local one: by checksums, or by reading it where the server makes none.
     *
     * @param size that both have
     */
    public boolean isSame(RemotePath path, SeekableByteChannel local, long size) throws IOException {
        OptionalLong common = commonStart(path, local, size);
        if (common.isPresent()) {
            return common.getAsLong() == size;
        }
        try {
            return read(path, new ComparingSink(local.position(0)), Progress.NONE) == size;
        } catch (ComparingSink.DifferentException _) {
            return false;
        }
    }

    /** The same as {@link #write(RemotePath, Source, int, long, Progress)}, with all that a stream has. */
    public long write(RemotePath path, InputStream source, int permissions, long size, Progress progress)
            throws IOException {
        return write(path, Source.of(source), permissions, size, progress);
    }

    /**
     * Writes all that the source has into a file, which is emptied first if it is there, and made if it is not. Zeros that
     * fill whole blocks are not sent to a regular file, which has holes there then.
     *
     * @param permissions for a new file; the server's own rules may take some away
     * @param size how many bytes the source will have, for the progress; 0 if that is not known
     */
    public long write(RemotePath path, Source source, int permissions, long size, Progress progress)
            throws IOException {
        return named(path, () -> {
            try (Fid fid = walk(path.parent())) {
                Emptied file = openOrCreate(fid, path, permissions);
                long written = new BulkWrite(client, fid.number(), 0, client.chunk(file.unit), size, source,
                        file.regular,
                        progress)
                        .run();
                fid.clunk();
                return written;
            }
        });
    }

    /**
     * Writes what a source has into a file that is there, which is cut where that begins.
     *
     * @param from where the source is, in bytes
     * @param size how many bytes the file will have, for the progress
     */
    public long goOnWriting(RemotePath path, long from, Source source, long size, Progress progress)
            throws IOException {
        return at(path, fid -> {
            requireFile(fid);
            int unit = rpcCalls.wait(() -> dialectOps.open(fid.number(), WRITE_ONLY)).iounit();
            rpcCalls.wait(() -> dialectOps.setAttributes(
                    new Tsetattr(fid.number(), SET_SIZE, 0, 0, 0, from, 0, 0, 0, 0), false));
            long written = new BulkWrite(client, fid.number(), from, client.chunk(unit), size, source, true, progress)
                    .run();
            fid.clunk();
            return written;
        });
    }

    /**
     * A file that is open for writing, and empty.
     *
     * @param unit as the server has it for I/O
     * @param regular whether it is known to keep what is written where it is written
     */
    private record Emptied(int unit, boolean regular) {}

    /** The fid stands for the directory, and then for the file in it. */
    private Emptied openOrCreate(Fid fid, RemotePath path, int permissions) throws IOException {
        if (path.isRoot()) {
            throw RefusedException.of(Errno.EISDIR);
        }
        try {
            rpcCalls.walkOn(fid, path.name());
        } catch (RefusedException e) {
            if (!e.is(Errno.ENOENT)) {
                throw e;
            }
            DialectOps.Opened made = rpcCalls
                    .wait(() -> dialectOps.create(fid.number(), path.name(), WRITE_ONLY, permissions, gid));
            fid.nowIs(made.qid());
            return new Emptied(made.iounit(), true);
        }
        if (fid.qid().isDirectory()) {
            throw RefusedException.of(Errno.EISDIR);
        }
        // Whether it may be a device, only 9P2000.L tells.
        int unit = rpcCalls.wait(() -> dialectOps.openToOverwrite(fid.number())).iounit();
        return new Emptied(unit, client.dialect() == Dialect.LINUX
                && (fid.qid().type() & Qid.APPEND) == 0 && status(fid).kind() == FileKind.FILE);
    }

    /**
     * A directory that files are to be put into, or taken from. While it is held, all that is in it is walked to from there: an
     * endpoint knows by that which names it has told already.
     */
    public RemoteDirectory directory(RemotePath path) throws IOException {
        return named(path, () -> {
            Fid fid = walk(path);
            boolean first = held.putIfAbsent(path, fid) == null;
            return new RemoteDirectory(rpcCalls, dialectOps, fid, gid, () -> {
                if (first) {
                    held.remove(path);
                }
            });
        });
    }

    private Fid walk(RemotePath path) throws IOException {
        Fid self = held.get(path);
        if (self != null) {
            return rpcCalls.walk(self, List.of());
        }
        Fid parent = path.isRoot() ? null : held.get(path.parent());
        return parent == null ? rpcCalls.walk(root, path.names()) : rpcCalls.walk(parent, List.of(path.name()));
    }

    public void makeDirectory(RemotePath path, int permissions) throws IOException {
        in(path, directory -> dialectOps.makeDirectory(directory, path.name(), permissions, gid));
    }

    /** Makes a symbolic link with this target, which is not looked at. */
    public void makeLink(RemotePath path, Text target) throws IOException {
        in(path, directory -> dialectOps.makeLink(directory, path.name(), target, gid));
    }

    /** The target of a symbolic link: the server's words, to be trusted with nothing. */
    public Text readLink(RemotePath path) throws IOException {
        return at(path, fid -> rpcCalls.wait(() -> dialectOps.readLink(fid.number())));
    }

    /** Removes a file or an empty directory. */
    public void remove(RemotePath path) throws IOException {
        remove(path, rpcCalls::remove);
    }

    /** Removes a file, or a directory with everything below it. */
    public void removeTree(RemotePath path) throws IOException {
        remove(path, fid -> removeTree(fid, path));
    }

    private void remove(RemotePath path, FidAction removal) throws IOException {
        at(path, fid -> {
            if (path.isRoot()) {
                throw RefusedException.of(Errno.EBUSY);
            }
            removal.run(fid);
            return null;
        });
    }

    private void removeTree(Fid fid, RemotePath path) throws IOException {
        if (fid.qid().isDirectory()) {
            List<Text> names = new ArrayList<>();
            try (Fid open = rpcCalls.walk(fid, List.of())) {
                list(open, entry -> names.add(entry.name()));
            }
            for (Text name : names) {
                RemotePath below = path.child(name);
                named(below, () -> {
                    try (Fid child = rpcCalls.walk(fid, List.of(name))) {
                        removeTree(child, below);
                    }
                    return null;
                });
            }
        }
        rpcCalls.remove(fid);
    }

    /** Changes the permission bits and the time of the last change of a file or directory. */
    public void setAttributes(RemotePath path, int permissions, Instant modified) throws IOException {
        at(path, fid -> {
            Tsetattr change = attributes(fid.number(), permissions, modified);
            return rpcCalls.wait(() -> dialectOps.setAttributes(change, fid.qid().isDirectory()));
        });
    }

    static Tsetattr attributes(int fid, int permissions, Instant modified) {
        return new Tsetattr(fid, SET_MODE | SET_MTIME | SET_MTIME_TO_THIS, permissions, 0, 0, 0, 0, 0,
                modified.getEpochSecond(), modified.getNano());
    }

    /** Changes the permission bits of a file or directory. */
    public void setPermissions(RemotePath path, int permissions) throws IOException {
        at(path, fid -> {
            Tsetattr change = new Tsetattr(fid.number(), SET_MODE, permissions, 0, 0, 0, 0, 0, 0, 0);
            return rpcCalls.wait(() -> dialectOps.setAttributes(change, fid.qid().isDirectory()));
        });
    }

    /** How much room there is on the disk that a file is on; EOPNOTSUPP in 9P2000, which has no such question. */
    public Space space(RemotePath path) throws IOException {
        return at(path, fid -> {
            Rstatfs is = rpcCalls.wait(() -> dialectOps.statfs(fid.number()));
            long unit = Integer.toUnsignedLong(is.bsize());
            return new Space(is.blocks() * unit, is.bfree() * unit, is.bavail() * unit);
        });
    }

    /** Gives a file a further name; EOPNOTSUPP in 9P2000. */
    public void link(RemotePath file, RemotePath name) throws IOException {
        at(file, fid -> {
            in(name, directory -> dialectOps.link(directory, name.name(), fid.number()));
            return null;
        });
    }

    /** Gives a file another name, and (in 9P2000.L) another directory. What had the new name is replaced. */
    public void rename(RemotePath from, RemotePath to) throws IOException {
        named(from, () -> {
            if (from.isRoot() || to.isRoot()) {
                throw RefusedException.of(Errno.EBUSY);
            }
            try (Fid fromDirectory = walk(from.parent());
                    Fid toDirectory = walk(to.parent())) {
                return rpcCalls.wait(() -> dialectOps.rename(
                        new DialectOps.Place(fromDirectory.number(), from.name()),
                        new DialectOps.Place(toDirectory.number(), to.name()), from.parent().equals(to.parent())));
            }
        });
    }

    private void in(RemotePath path, IntFunction<CompletableFuture<Void>> action) throws IOException {
        named(path, () -> {
            if (path.isRoot()) {
                throw RefusedException.of(Errno.EEXIST);
            }
            try (Fid directory = walk(path.parent())) {
                return rpcCalls.wait(() -> action.apply(directory.number()));
            }
        });
    }

    private <R> R at(RemotePath path, FidFunction<R> action) throws IOException {
        return named(path, () -> {
            try (Fid fid = walk(path)) {
                return action.apply(fid);
            }
        });
    }

    /** Runs what may be refused, and says of which file it was refused; the innermost file counts. */
    private static <R> R named(RemotePath path, Deed<R> deed) throws IOException {
        try {
            return deed.run();
        } catch (RefusedException e) {
            throw e.isAboutSomething() ? e : e.about(path.toString());
        }
    }

    /** How many fids stand for something, the root's among them: for tests that look for what is left behind. */
    int fidsInUse() {
        return rpcCalls.calls().inUse();
    }

    /** Clunks the root, and closes the connection if this made it. Does not wait long for a server that hangs. */
    @Override
    public void close() {
        root.closeWithin(FAREWELL);
        release.run();
    }

    @FunctionalInterface
    private interface Deed<R> {
        R run() throws IOException;
    }

    @FunctionalInterface
    private interface FidFunction<R> {
        R apply(Fid fid) throws IOException;
    }

    @FunctionalInterface
    private interface FidAction {
        void run(Fid fid) throws IOException;
    }
}
