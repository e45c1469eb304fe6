package dev.ninetunnel.export;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.wire.Text;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What is exported at one time, by name, and where an aname leads in it. Names are {@linkplain #latin bytes as characters}. */
record Exported(Map<String, ExportedTree> trees, Map<String, ExportedServer> servers) {
    static final Exported EMPTY = new Exported(Map.of(), Map.of());

    /** Finds where an aname leads. ENOENT if nowhere. */
    Exports.Destination find(Text aname) throws FsException {
        String wanted = latin(aname);
        if (trees.isEmpty() && servers.isEmpty()) {
            throw new FsException(Errno.ENOENT.number(), "nothing is exported to you here");
        }
        if (wanted.isEmpty() || "/".equals(wanted)) {
            return top(wanted);
        }
        for (ExportedTree tree : trees.values()) {
            String path = latin(tree.path().toString());
            if (wanted.equals(path) || wanted.startsWith(path.endsWith("/") ? path : path + "/")) {
                return new Exports.Destination.InTree(tree, elements(wanted.substring(path.length())));
            }
        }
        return byName(wanted);
    }

    private Exports.Destination top(String wanted) throws FsException {
        if (trees.size() + servers.size() > 1) {
            return new Exports.Destination.Root();
        }
        for (ExportedServer only : servers.values()) {
            return new Exports.Destination.InUpstream(only, only.aname(only.name().isEmpty() ? wanted : ""));
        }
        return new Exports.Destination.InTree(trees.values().iterator().next(), List.of());
    }

    private Exports.Destination byName(String aname) throws FsException {
        String wanted = aname.startsWith("/") ? aname.substring(1) : aname;
        int slash = wanted.indexOf('/');
        String name = slash < 0 ? wanted : wanted.substring(0, slash);
        String rest = slash < 0 ? "" : wanted.substring(slash + 1);
        ExportedTree tree = trees.get(name);
        if (tree != null) {
            return new Exports.Destination.InTree(tree, elements(rest));
        }
        ExportedServer server = servers.get(name);
        if (server != null) {
            return new Exports.Destination.InUpstream(server, server.aname(rest));
        }
        ExportedServer unnamed = servers.get("");
        if (unnamed != null) {
            return new Exports.Destination.InUpstream(unnamed, unnamed.aname(aname));
        }
        throw new FsException(Errno.ENOENT);
    }

    static List<Text> elements(String path) {
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

    /** Bytes as a string of as many characters, so that names compare as bytes. */
    static String latin(Text text) {
        return new String(text.bytes(), StandardCharsets.ISO_8859_1);
    }

    static String latin(String s) {
        return latin(Text.of(s));
    }

    static Text bytes(String latin) {
        return Text.of(latin.getBytes(StandardCharsets.ISO_8859_1));
    }
}
