package dev.ninetunnel.serve;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.FileTree;
import dev.ninetunnel.fs.Caller;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.Node;
import dev.ninetunnel.fs.hiding.HidingTree;
import dev.ninetunnel.fs.local.LocalTrees;
import dev.ninetunnel.fs.synthetic.Entry;
import dev.ninetunnel.fs.synthetic.SyntheticTree;
import dev.ninetunnel.wire.Text;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All that an endpoint exports to one peer, and what is common to it: the qids and the names of users. Safe for use by
 * many threads and by the conversations of many peers.
 *
 * <p>An attach names a place in it (aname): nothing, which is the root of the one export, or a root that lists them if there are
 * several; {@code NAME} or {@code NAME/sub}, which goes straight in; or an exported directory's absolute path and what is
 * below it, as users of diod write it.
 */
public final class Exports implements AutoCloseable {
    private final Map<String, ExportedTree> trees = new LinkedHashMap<>();
    private final Map<String, Export.Address> upstreams = new LinkedHashMap<>();
    private final SyntheticTree root;
    private final Qids qids = new Qids();
    private final Users users = new Users(Path.of("/etc/passwd"), Path.of("/etc/group"));
    private final PlainBits plainBits = new PlainBits();

    /**
     * Opens what is exported.
     *
     * @throws IOException if a directory cannot be opened; its message names it
     * @throws IllegalArgumentException if two have the same name, or this process cannot act as whom one asks for
     */
    public Exports(List<Export> exports, LocalTrees opener) throws IOException {
        try {
            for (Export e : exports) {
                add(e, opener);
            }
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
        Map<String, Entry> listed = new LinkedHashMap<>();
        trees.values().forEach(t -> listed.put(t.name().utf8(), new Entry.Mounted(t.tree())));
        root = new SyntheticTree(listed, Clock.systemUTC());
    }

    private Exports(ExportedTree only) {
        trees.put(latin(only.name()), only);
        root = new SyntheticTree(Map.of(), Clock.systemUTC());
    }

    /** One tree that is made up, for reading only. It stays the caller's to close. */
    public static Exports of(String name, SyntheticTree tree) {
        return new Exports(new ExportedTree(Text.of(name), Path.of("/", name), tree,
                ExportOptions.ALL.withReadOnly(true), new Admission(name, As.SELF)));
    }

    private void add(Export e, LocalTrees opener) throws IOException {
        String name = latin(e.name());
        if (trees.containsKey(name) || upstreams.containsKey(name)) {
            throw new IllegalArgumentException(
                    "two exports are named \"" + e.name() + "\": give one another name with NAME=");
        }
        switch (e.target()) {
            case Export.Target.Directory(Path path, ExportOptions options) -> {
                Path whole = path.toAbsolutePath().normalize();
                FileTree tree = open(whole, opener);
                FileTree shown = options.hidden().isEmpty() ? tree : new HidingTree(tree, options.hidden());
                Admission admission = new Admission(e.name(), options.as());
                trees.put(name, new ExportedTree(Text.of(e.name()), whole, shown, options, admission));
                admission.check(tree);
            }
            case Export.Target.Upstream(Export.Address address) -> upstreams.put(name, address);
        }
    }

    private static FileTree open(Path directory, LocalTrees opener) throws IOException {
        try {
            return opener.open(directory);
        } catch (IOException e) {
            throw new IOException("cannot export " + directory + ": " + e.getMessage()
                    + ". Give a directory that the user of this endpoint can read", e);
        }
    }

    /** Lets go of the trees; what conversations hold stays usable until they end. */
    @Override
    public void close() {
        trees.values().forEach(t -> t.tree().close());
    }

    /** Where an attach leads. */
    sealed interface Destination {
        /** To the root that lists the exports. */
        record Root() implements Destination {}

        /** Into a directory, and down from there. */
        record InTree(ExportedTree tree, List<Text> path) implements Destination {}

        /** To an upstream server, which is told this aname. */
        record InUpstream(Export.Address address, Text aname) implements Destination {}
    }

    /** Finds where an aname leads. ENOENT if nowhere. */
    Destination find(Text aname) throws FsException {
        String wanted = latin(aname);
        if (trees.isEmpty() && upstreams.isEmpty()) {
            throw new FsException(Errno.ENOENT.number(), "nothing is exported to you here");
        }
        if (wanted.isEmpty() || "/".equals(wanted)) {
            return top(aname);
        }
        for (ExportedTree tree : trees.values()) {
            String path = latin(tree.path().toString());
            if (wanted.equals(path) || wanted.startsWith(path.endsWith("/") ? path : path + "/")) {
                return new Destination.InTree(tree, elements(wanted.substring(path.length())));
            }
        }
        return byName(aname, wanted.startsWith("/") ? wanted.substring(1) : wanted);
    }

    private Destination top(Text aname) {
        if (trees.size() + upstreams.size() > 1) {
            return new Destination.Root();
        }
        for (Map.Entry<String, Export.Address> only : upstreams.entrySet()) {
            return new Destination.InUpstream(only.getValue(), only.getKey().isEmpty() ? aname : Text.EMPTY);
        }
        return new Destination.InTree(trees.values().iterator().next(), List.of());
    }

    private Destination byName(Text aname, String wanted) throws FsException {
        int slash = wanted.indexOf('/');
        String name = slash < 0 ? wanted : wanted.substring(0, slash);
        String rest = slash < 0 ? "" : wanted.substring(slash + 1);
        ExportedTree tree = trees.get(name);
        if (tree != null) {
            return new Destination.InTree(tree, elements(rest));
        }
        Export.Address upstream = upstreams.get(name);
        if (upstream != null) {
            return new Destination.InUpstream(upstream, bytes(rest));
        }
        Export.Address unnamed = upstreams.get("");
        if (unnamed != null) {
            return new Destination.InUpstream(unnamed, aname);
        }
        throw new FsException(Errno.ENOENT);
    }

    private static List<Text> elements(String path) {
        List<Text> elements = new ArrayList<>();
        int at = 0;
        while (at < path.length()) {
            int slash = path.indexOf('/', at);
            int end = slash < 0 ? path.length() : slash;
            if (end > at) {
                elements.add(bytes(path.substring(at, end)));
            }
            at = end + 1;
        }
        return elements;
    }

    /** The directory that lists the exported directories. It belongs to the caller. */
    Node root(Caller caller) {
        return root.root(caller);
    }

    /** The exported directory of this name, or null. */
    ExportedTree tree(Text name) {
        return trees.get(latin(name));
    }

    Qids qids() {
        return qids;
    }

    Users users() {
        return users;
    }

    PlainBits plainBits() {
        return plainBits;
    }

    /** Bytes as a string of as many characters, so that names compare as bytes. */
    private static String latin(Text text) {
        return new String(text.bytes(), StandardCharsets.ISO_8859_1);
    }

    private static String latin(String s) {
        return latin(Text.of(s));
    }

    private static Text bytes(String latin) {
        return Text.of(latin.getBytes(StandardCharsets.ISO_8859_1));
    }
}
