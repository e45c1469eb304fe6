package dev.ninetunnel.export;

import dev.ninetunnel.fs.Caller;
import dev.ninetunnel.fs.FileTree;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.Node;
import dev.ninetunnel.fs.filter.HidingTree;
import dev.ninetunnel.fs.filter.SubTree;
import dev.ninetunnel.fs.local.LocalTrees;
import dev.ninetunnel.fs.synthetic.Entry;
import dev.ninetunnel.fs.synthetic.SyntheticTree;
import dev.ninetunnel.link.BoundedLog;
import dev.ninetunnel.wire.Text;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * All that an endpoint exports to one peer, and what is common to it: the qids and the names of users. Safe for use by
 * many threads and by the conversations of many peers.
 *
 * <p>An attach names a place in it (aname): nothing, which is the root of the one export, or a root that lists them if there are
 * several; {@code NAME} or {@code NAME/sub}, which goes straight in; or an exported directory's absolute path and what is
 * below it, as users of diod write it.
 */
public final class Exports implements AutoCloseable {
    private final TreeCache treeCache;
    private final SyntheticTree root = SyntheticTree.living(this::listed, Clock.systemUTC());
    private volatile Exported content = Exported.EMPTY;
    private final Set<Runnable> watchers = ConcurrentHashMap.newKeySet();

    /**
     * Opens the exports, for all peers.
     *
     * @throws IOException if a directory cannot be opened; its message names it
     * @throws IllegalArgumentException if two have the same name, or this process cannot act as whom one asks for
     */
    public Exports(List<Export> exports, LocalTrees opener) throws IOException {
        this(exports, new TreeCache(opener));
    }

    /** Opens what is exported to one peer, and has the rest in common with other peers. Throws as the other. */
    public Exports(List<Export> exports, TreeCache treeCache) throws IOException {
        this.treeCache = treeCache;
        change(exports).apply();
    }

    private Exports(Exported content) {
        this.treeCache = new TreeCache(new LocalTrees());
        this.content = content;
    }

    /** One tree that is made up, which says itself what can be done in it. It stays the caller's to close. */
    public static Exports of(String name, SyntheticTree tree) {
        ExportOptions options = ExportOptions.ALL;
        return new Exports(new Exported(Map.of(Exported.latin(name), new ExportedTree(Text.of(name), Path.of("/", name),
                Path.of("/", name), tree, new ExportTerms(options, new UserMapping(name, RunAsRule.SELF)))), Map.of()));
    }

    /** Other exports, which have been opened and will take the place of those that there are. To be ended by either. */
    public final class Change {
        private final Exported next;
        private final List<Runnable> settling;

        private Change(Exported next, List<Runnable> settling) {
            this.next = next;
            this.settling = settling;
        }

        /**
         * Lets them hold, for fids that there are, too: those of an export that stays the same place go on, under the
         * options that it has now; those of others are ESTALE. Watchers are told. For one thread at a time.
         */
        public void apply() {
            Exported before = content;
            settling.forEach(Runnable::run);
            content = next;
            before.trees().values().stream().filter(t -> !next.trees().containsValue(t)).forEach(gone -> {
                gone.standing().withdraw();
                treeCache.give(gone.ground());
            });
            before.servers().values().stream().filter(s -> !next.servers().containsValue(s))
                    .forEach(gone -> gone.standing().withdraw());
            watchers.forEach(Runnable::run);
        }

        /** Lets everything be as it was. */
        public void cancel() {
            giveBack(next);
        }
    }

    /** Has this run after each change from now on, on the thread that makes it. */
    public void watch(Runnable watcher) {
        watchers.add(watcher);
    }

    /** Has it run no more. */
    public void unwatch(Runnable watcher) {
        watchers.remove(watcher);
    }

    /** Lets go of what was opened, and is not in use besides. */
    private void giveBack(Exported opened) {
        opened.trees().values().stream().filter(t -> !content.trees().containsValue(t))
                .forEach(t -> treeCache.give(t.ground()));
    }

    /**
     * Opens what is to be exported from some moment on. Throws as the constructors do; then nothing has happened. Not while
     * another change is pending.
     */
    public Change change(List<Export> exports) throws IOException {
        Exported next = new Exported(new LinkedHashMap<>(), new LinkedHashMap<>());
        List<Runnable> settling = new ArrayList<>();
        try {
            for (Export e : exports) {
                add(e, next, settling);
            }
        } catch (IOException | RuntimeException e) {
            giveBack(next);
            throw e;
        }
        return new Change(next, settling);
    }

    private void add(Export e, Exported next, List<Runnable> settling) throws IOException {
        String name = Exported.latin(e.name());
        if (next.trees().containsKey(name) || next.servers().containsKey(name)) {
            throw new IllegalArgumentException(
                    "two exports are named \"" + e.name() + "\": give one another name with NAME=");
        }
        switch (e.target()) {
            case Export.Target.Directory(Path path, ExportOptions options) ->
                addTree(e.name(), path.toAbsolutePath().normalize(), options, next, settling);
            case Export.Target.Upstream(Export.Address address, ExportOptions options) -> {
                UserMapping userMapping = new UserMapping(e.name(), RunAsRule.SELF, options.speakFor());
                ExportedServer old = content.servers().get(name);
                if (old != null && old.address().equals(address)
                        && old.standing().options().within().equals(options.within())) {
                    settling.add(() -> old.standing().change(options, kept(old.standing(), options, userMapping)));
                    next.servers().put(name, old);
                } else {
                    next.servers().put(name,
                            new ExportedServer(e.name(), address, new ExportTerms(options, userMapping)));
                }
            }
        }
    }

    private void addTree(String name, Path ground, ExportOptions options, Exported next, List<Runnable> settling)
            throws IOException {
        UserMapping userMapping = new UserMapping(name, options.as(), options.speakFor());
        ExportedTree old = content.trees().get(Exported.latin(name));
        if (old != null && old.ground().equals(ground) && old.options().within().equals(options.within())) {
            userMapping.check(old.tree());
            settling.add(treeCache.lookAnew(ground));
            settling.add(() -> old.standing().change(options, kept(old.standing(), options, userMapping)));
            next.trees().put(Exported.latin(name), old);
            return;
        }
        FileTree tree = treeCache.take(ground);
        ExportTerms exportTerms = new ExportTerms(options, userMapping);
        FileTree shown = new HidingTree(tree, () -> exportTerms.options().hidden());
        Path path = ground;
        if (!options.within().isEmpty()) {
            shown = new SubTree(shown, options.within().stream().map(Text::bytes).toList());
            path = ground.resolve(String.join("/", options.within().stream().map(Text::utf8).toList()));
        }
        next.trees().put(Exported.latin(name),
                new ExportedTree(Text.of(name), path, ground, shown, exportTerms));
        userMapping.check(tree);
    }

    /** Where the same users are let in as before, attaches stay. */
    private static UserMapping kept(ExportTerms exportTerms, ExportOptions now, UserMapping fresh) {
        ExportOptions before = exportTerms.options();
        return before.as().equals(now.as()) && before.speakFor().equals(now.speakFor())
                ? exportTerms.admission()
                : fresh;
    }

    /** Lets go of the trees; what conversations hold stays usable until they end. */
    @Override
    public void close() {
        new Change(Exported.EMPTY, List.of()).apply();
    }

    /** Where an attach leads. */
    public sealed interface Destination {
        /** To the root that lists the exports. */
        record Root() implements Destination {}

        /** Into a directory, and down from there. */
        record InTree(ExportedTree tree, List<Text> path) implements Destination {}

        /** To an upstream server, which is told this aname. */
        record InUpstream(ExportedServer server, Text aname) implements Destination {}
    }

    /** Finds where an aname leads. ENOENT if nowhere. */
    public Destination find(Text aname) throws FsException {
        return content.find(aname);
    }

    /** The directory that lists the exported directories, as they are when it is listed. It belongs to the caller. */
    public Node root(Caller caller) {
        return root.root(caller);
    }

    private Map<String, Entry> listed() {
        Map<String, Entry> entries = new LinkedHashMap<>();
        content.trees().values().forEach(t -> entries.put(t.name().utf8(), new Entry.Mounted(t.tree())));
        return entries;
    }

    /** The exported directory of this name, or null. */
    public ExportedTree tree(Text name) {
        return content.trees().get(Exported.latin(name));
    }

    public BoundedLog upstreamLog(Export.Address address) {
        return treeCache.upstreamLog(address);
    }

    public Qids qids() {
        return treeCache.qids();
    }

    public Users users() {
        return treeCache.users();
    }

    public PlainBits plainBits() {
        return treeCache.plainBits();
    }
}
