package dev.ninetunnel.fuse;

import dev.ninetunnel.client.ConversationException;
import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fuse.Handle.OpenFid;
import dev.ninetunnel.fuse.NameRequests.Entry;
import dev.ninetunnel.fuse.kernel.FuseException;
import dev.ninetunnel.fuse.kernel.FuseRequest;
import dev.ninetunnel.fuse.kernel.Replies;
import dev.ninetunnel.fuse.lease.Grant;
import dev.ninetunnel.client.DialectOps;
import dev.ninetunnel.wire.LeaseKinds;
import dev.ninetunnel.wire.message.DirectoryEntry;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.CompletionException;

/** Requests on open directories. Each method starts one, and does not wait. */
final class DirectoryRequests {
    /** {@code struct fuse_dirent}: {@code ino[8] off[8] namelen[4] type[4] name}, filled up to a multiple of 8 bytes. */
    private static final int DIRENT = 24;

    private final Remote remote;
    private final Handles handles;
    private final NameRequests names;
    private final AttributeWriter attributes;

    DirectoryRequests(Remote remote, Handles handles, NameRequests names,
            AttributeWriter attributes) {
        this.remote = remote;
        this.handles = handles;
        this.names = names;
        this.attributes = attributes;
    }

    /** FUSE_READDIR and FUSE_READDIRPLUS: {@code fh[8] offset[8] size[4] read_flags[4] lock_owner[8] flags[4] padding[4]}. */
    CompletableFuture<ByteBuf> read(FuseRequest r, boolean plus) {
        Handle handle = handles.get(r.body().readLongLE());
        Directory directory = handle.directory();
        if (directory == null) {
            throw new FuseException(Errno.ENOTDIR);
        }
        long cookie = r.body().readLongLE();
        int size = r.body().readIntLE();
        return remote.run(handle.user(), a -> entries(a, handle, cookie, size).thenCompose(all -> {
            int fitting = fitting(all, size, plus);
            directory.taken(all, fitting);
            List<DirectoryEntry> now = all.subList(0, fitting);
            return plus ? withAttributes(a, handle.inode(), now) : Replies.now(plain(now));
        }));
    }

    private CompletableFuture<List<DirectoryEntry>> entries(Attachment a, Handle handle, long cookie, int size) {
        Directory directory = handle.directory();
        return handle.open(a).thenCompose(open -> {
            directory.seek(cookie, open);
            return entries(a, open, handle.inode(), directory, cookie, size);
        });
    }

    private static CompletableFuture<List<DirectoryEntry>> entries(Attachment a, OpenFid open, Inode inode,
            Directory directory, long cookie, int size) {
        List<DirectoryEntry> kept = directory.behind(cookie);
        if (!kept.isEmpty()) {
            return CompletableFuture.completedFuture(kept);
        }
        int count = directory.resumes() ? Math.min(size, open.most()) : open.most();
        AtomicReference<Grant> by = new AtomicReference<>();
        DialectOps ops = a.ops(LeaseKinds.ATTRIBUTES | LeaseKinds.NAMES, by::set);
        return ops.readDirectory(open.fid(), directory.next(cookie), count).thenCompose(part -> {
            inode.kept().read(by.get());
            directory.read(part);
            return part.end()
                    ? CompletableFuture.completedFuture(List.of())
                    : entries(a, open, inode, directory, cookie, size);
        });
    }

    private static int fitting(List<DirectoryEntry> entries, int size, boolean plus) {
        int bytes = 0;
        int count = 0;
        for (DirectoryEntry entry : entries) {
            bytes += length(entry) + (plus ? AttributeWriter.ENTRY : 0);
            if (bytes > size) {
                break;
            }
            count++;
        }
        return count;
    }

    private static int length(DirectoryEntry entry) {
        return length(entry.name().bytes().length);
    }

    /** The bytes of an entry, by those of its name. */
    static int length(int name) {
        return DIRENT + name + 7 & ~7;
    }

    private static ByteBuf plain(List<DirectoryEntry> entries) {
        ByteBuf out = Replies.buffer(entries.stream().mapToInt(DirectoryRequests::length).sum());
        entries.forEach(entry -> write(out, entry));
        return out;
    }

    private static void write(ByteBuf out, DirectoryEntry entry) {
        byte[] name = entry.name().bytes();
        out.writeLongLE(entry.qid().path()).writeLongLE(entry.offset());
        out.writeIntLE(name.length).writeIntLE(entry.type()).writeBytes(name);
        out.writeZero(length(entry) - DIRENT - name.length);
    }

    /** Looks up all of them at once. One that is gone meanwhile is told without attributes, as one that is not known. */
    private CompletableFuture<ByteBuf> withAttributes(Attachment a, Inode directory, List<DirectoryEntry> entries) {
        List<CompletableFuture<Entry>> found = new ArrayList<>(entries.size());
        for (DirectoryEntry entry : entries) {
            found.add(isDots(entry)
                    ? CompletableFuture.completedFuture(null)
                    : names.find(a, directory, entry.name()).exceptionally(DirectoryRequests::noneIfRefused));
        }
        return CompletableFuture.allOf(found.toArray(CompletableFuture[]::new)).thenApply(_ -> {
            ByteBuf out = Replies.buffer(entries.size() * (AttributeWriter.ENTRY + DIRENT + 32));
            for (int i = 0; i < entries.size(); i++) {
                Entry entry = found.get(i).join();
                if (entry == null) {
                    out.writeZero(AttributeWriter.ENTRY);
                } else {
                    // The kernel would take a name up under an epoch of after a notice, so that it would be kept (rule 32).
                    attributes.entry(out, entry.inode(), entry.attributes(), 0, entry.attributeNanos());
                }
                write(out, entries.get(i));
            }
            return out;
        });
    }

    private static Entry noneIfRefused(Throwable failure) {
        Throwable cause = FuseException.cause(failure);
        if (cause instanceof ConversationException) {
            throw new CompletionException(cause);
        }
        return null;
    }

    private static boolean isDots(DirectoryEntry entry) {
        byte[] name = entry.name().bytes();
        return name[0] == '.' && (name.length == 1 || (name.length == 2 && name[1] == '.'));
    }
}
