package dev.ninetunnel.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.DirectoryEntry;
import dev.ninetunnel.wire.message.Rclunk;
import dev.ninetunnel.wire.message.Rgetattr;
import dev.ninetunnel.wire.message.Rlcreate;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rlopen;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Rreaddir;
import dev.ninetunnel.wire.message.Runlinkat;
import dev.ninetunnel.wire.message.Rwalk;
import dev.ninetunnel.wire.message.Rwrite;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tlcreate;
import dev.ninetunnel.wire.message.Tlopen;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Treaddir;
import dev.ninetunnel.wire.message.Tunlinkat;
import dev.ninetunnel.wire.message.Twrite;
import dev.ninetunnel.wire.message.Txattrwalk;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What programs do with files through a kernel that keeps nothing: one thing after the other, waiting for each. */
final class Program {
    private static final List<String> ATTRIBUTES = List.of("security.selinux", "system.posix_acl_access");
    private static final int READ = 8192;

    private final FarDisk disk;
    private final Stage.Client client;
    private int fids = 100;
    private int tags;

    Program(FarDisk disk, Stage.Client client) {
        this.disk = disk;
        this.client = client;
    }

    /** Asks, and waits for as many round trips as it takes. */
    <R extends Rmessage> R call(Tmessage message, Class<R> type) {
        int tag = tags++ & 0xFFF;
        client.send(tag, message);
        while (!client.hasReply()) {
            disk.round();
        }
        return client.got(tag, type);
    }

    /** Looks at the attributes of the root, as a mount does. */
    void looks() {
        call(Stage.getattr(0), Rgetattr.class);
    }

    /** A fid of what has this name, which is looked at. */
    int lookup(int parent, String name) {
        int fid = fids++;
        call(Stage.walk(parent, fid, name), Rwalk.class);
        call(Stage.getattr(fid), Rgetattr.class);
        return fid;
    }

    private boolean isThere(int parent, String name) {
        int fid = fids++;
        client.send(0, Stage.walk(parent, fid, name));
        while (!client.hasReply()) {
            disk.round();
        }
        return !(client.gotAny() instanceof Rlerror);
    }

    void forget(int fid) {
        call(new Tclunk(fid), Rclunk.class);
    }

    List<DirectoryEntry> list(int directory) {
        int fid = fids++;
        call(Stage.walk(directory, fid), Rwalk.class);
        call(new Tlopen(fid, 0200000), Rlopen.class);
        List<DirectoryEntry> all = new ArrayList<>();
        for (long at = 0;;) {
            ByteBuf data = call(new Treaddir(fid, at, READ), Rreaddir.class).data();
            if (!data.isReadable()) {
                break;
            }
            while (data.isReadable()) {
                all.add(DirectoryEntry.read(data));
            }
            at = all.getLast().offset();
        }
        forget(fid);
        all.removeIf(entry -> entry.name().utf8().equals(".") || entry.name().utf8().equals(".."));
        return all;
    }

    /** ls -lR: each directory, its files looked at with their extended attributes, and then those in it, by name. */
    int lsR(int directory) {
        List<DirectoryEntry> entries = list(directory);
        entries.sort(Comparator.comparing(DirectoryEntry::name));
        int count = entries.size();
        for (DirectoryEntry entry : entries) {
            int fid = lookup(directory, entry.name().utf8());
            ATTRIBUTES.forEach(name -> assertThat(call(new Txattrwalk(fid, fids++, Text.of(name)), Rlerror.class))
                    .isEqualTo(new Rlerror(Errno.ENODATA.number())));
            forget(fid);
        }
        for (DirectoryEntry entry : entries) {
            if (entry.qid().isDirectory()) {
                int fid = lookup(directory, entry.name().utf8());
                count += lsR(fid);
                forget(fid);
            }
        }
        return count;
    }

    /** find: each directory, and those in it as it tells them. */
    int find(int directory) {
        int count = 0;
        for (DirectoryEntry entry : list(directory)) {
            count++;
            if (entry.qid().isDirectory()) {
                int fid = lookup(directory, entry.name().utf8());
                count += find(fid);
                forget(fid);
            }
        }
        return count;
    }

    /** tar: the same, and each file looked at, opened and read to its end. */
    String tar(int directory) {
        StringBuilder all = new StringBuilder();
        for (DirectoryEntry entry : list(directory)) {
            int fid = lookup(directory, entry.name().utf8());
            all.append(entry.qid().isDirectory() ? tar(fid) : read(fid));
            forget(fid);
        }
        return all.toString();
    }

    /** A file that is made, looked at and written, and a fid for it. */
    int make(int directory, String name, String text) {
        int fid = fids++;
        call(Stage.walk(directory, fid), Rwalk.class);
        call(new Tlcreate(fid, Text.of(name), 1, 0644, 0), Rlcreate.class);
        int file = lookup(directory, name);
        call(new Twrite(fid, 0, Unpooled.copiedBuffer(text, StandardCharsets.UTF_8)), Rwrite.class);
        forget(fid);
        return file;
    }

    /**
     * cp -r, as a mount without root does it: each file is looked for, made, looked at and written, and perhaps waited for; and its
     * directory looked at, where the kernel keeps to modes.
     */
    void copyInto(int directory, int files, String content, boolean waits, boolean keepsToModes) {
        for (int i = 0; i < files; i++) {
            String name = "f%03d".formatted(i);
            if (keepsToModes) {
                call(Stage.getattr(directory), Rgetattr.class);
            }
            assertThat(isThere(directory, name)).isFalse();
            int fid = fids++;
            call(Stage.walk(directory, fid), Rwalk.class);
            call(new Tlcreate(fid, Text.of(name), 0201, 0644, 0), Rlcreate.class);
            lookup(directory, name);
            call(new Twrite(fid, 0, Unpooled.copiedBuffer(content, StandardCharsets.UTF_8)), Rwrite.class);
            if (waits) {
                call(new Twrite(fid, 0, Unpooled.EMPTY_BUFFER), Rwrite.class);
            }
            forget(fid);
        }
    }

    String read(int file) {
        int fid = fids++;
        call(Stage.walk(file, fid), Rwalk.class);
        call(new Tlopen(fid, 0), Rlopen.class);
        StringBuilder all = new StringBuilder();
        for (ByteBuf data = data(fid, 0); data.isReadable(); data = data(fid, all.length())) {
            all.append(data.toString(StandardCharsets.UTF_8));
        }
        forget(fid);
        return all.toString();
    }

    private ByteBuf data(int fid, int at) {
        return call(new Tread(fid, at, READ), Rread.class).data();
    }

    /** git status: each file looked at by its name, and then each directory listed, for what is not tracked and what is ignored. */
    void gitStatus(int directory, FarDisk.Node node) {
        lookAtAll(directory, node);
        listAll(directory);
    }

    /** rm -r of what has been looked at and is not forgotten by then, as a kernel does. */
    void remove(int directory, List<String> names) {
        names.forEach(name -> lookup(directory, name));
        names.forEach(name -> call(new Tunlinkat(directory, Text.of(name), 0), Runlinkat.class));
    }

    /** The same by so many threads, each of which looks at the files of its part of the directories: one file in turn. */
    void gitStatus(int directory, FarDisk.Node node, int threads) {
        List<String> names = List.copyOf(node.children.keySet());
        int part = (names.size() + threads - 1) / threads;
        for (int i = 0; i < part; i++) {
            List<String> now = new ArrayList<>();
            for (int at = i; at < names.size(); at += part) {
                now.add(names.get(at));
            }
            List<Integer> fids = now.stream().map(name -> lookup(directory, name)).toList();
            List<String> files = List.copyOf(node.children.get(now.getFirst()).children.keySet());
            files.forEach(file -> fids.forEach(fid -> forget(lookup(fid, file))));
            fids.forEach(this::forget);
        }
        listAll(directory);
    }

    private void lookAtAll(int directory, FarDisk.Node node) {
        node.children.forEach((name, child) -> {
            int fid = lookup(directory, name);
            lookAtAll(fid, child);
            forget(fid);
        });
    }

    private void listAll(int directory) {
        isThere(directory, ".gitignore");
        for (DirectoryEntry entry : list(directory)) {
            if (entry.qid().isDirectory()) {
                int fid = lookup(directory, entry.name().utf8());
                listAll(fid);
                forget(fid);
            }
        }
    }
}
