package dev.ninetunnel.fs.synthetic;

import dev.ninetunnel.fs.Attributes;
import dev.ninetunnel.fs.Caller;
import dev.ninetunnel.fs.FileId;
import dev.ninetunnel.fs.FileTree;
import dev.ninetunnel.fs.Node;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * A tree made of {@link Entry entries}: several exports under one root, or files that tell how things stand. Everybody
 * may read it, whoever they are; as whom a mounted tree is used is up to that tree. Any thread.
 */
public final class SyntheticTree implements FileTree {
    /** Of no file system: device numbers of Linux are not negative. */
    private static final long DEVICE = -1;

    private final Clock clock;
    private final Instant made;
    private final AtomicLong lastInode = new AtomicLong();
    private final Item.Directory root;
    /** What is in the root now; null where that never changes. */
    private final Supplier<Map<String, Entry>> living;
    /** Of the entries that a living root has had: a name keeps its number. */
    private final Map<String, FileId> numbers = new ConcurrentHashMap<>();

    /** With these entries in its root. */
    public SyntheticTree(Map<String, Entry> entries, Clock clock) {
        this(entries, null, clock);
    }

    private SyntheticTree(Map<String, Entry> entries, Supplier<Map<String, Entry>> living, Clock clock) {
        this.clock = clock;
        this.made = clock.instant();
        this.root = directory("", null, new Entry.Directory(entries));
        this.living = living;
    }

    /** With other trees mounted in its root: those that there are whenever somebody looks. */
    public static SyntheticTree living(Supplier<Map<String, Entry>> mounted, Clock clock) {
        return new SyntheticTree(Map.of(), mounted, clock);
    }

    /** What is in a directory now. */
    Map<String, Item> entries(Item.Directory directory) {
        if (living == null || directory.above() != null) {
            return directory.entries();
        }
        Map<String, Item> now = new LinkedHashMap<>();
        living.get().forEach((name, entry) -> {
            if (!(entry instanceof Entry.Mounted m)) {
                throw new IllegalStateException("only trees come and go: " + name);
            }
            FileId id = numbers.computeIfAbsent(name, n -> id(FileId.Kind.DIRECTORY));
            now.put(name, new Item.Mounted(name, id, root, m.tree()));
        });
        return now;
    }

    @Override
    public Node root(Caller caller) {
        return new SyntheticNode(this, caller, root);
    }

    @Override
    public void close() {
        // Nothing of its own is open; what is mounted belongs to the one who mounted it.
    }

    /** When something was last known to have changed: files say what holds now. */
    Attributes.Time timeOf(Item item) {
        Instant at = item instanceof Item.File ? clock.instant() : made;
        return new Attributes.Time(at.getEpochSecond(), at.getNano());
    }

    private Item.Directory directory(String name, Item.Directory above, Entry.Directory from) {
        Item.Directory made = new Item.Directory(name, id(FileId.Kind.DIRECTORY), above, new LinkedHashMap<>());
        from.entries().forEach((n, e) -> made.entries().put(n, item(n, made, e)));
        return made;
    }

    private Item item(String name, Item.Directory above, Entry entry) {
        if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('/') >= 0
                || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("not a file name: " + name);
        }
        return switch (entry) {
            case Entry.File f -> new Item.File(name, id(FileId.Kind.FILE), above, f.content());
            case Entry.Command c -> new Item.Command(name, id(FileId.Kind.FILE), above, c.action(), c.content());
            case Entry.Mounted m -> new Item.Mounted(name, id(FileId.Kind.DIRECTORY), above, m.tree());
            case Entry.Directory d -> directory(name, above, d);
        };
    }

    private FileId id(FileId.Kind kind) {
        return new FileId(DEVICE, lastInode.incrementAndGet(), kind);
    }
}
