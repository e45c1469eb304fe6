package dev.ninetunnel.identity;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The text of a list of peers. */
final class PeerFileFormat {
    private static final String LINE_END = "\\R";

    private PeerFileFormat() {}

    static List<Peer> parse(Path file, String text) throws IdentityException {
        List<Peer> peers = new ArrayList<>();
        Map<Object, Integer> lineOf = new HashMap<>();
        String[] lines = text.split(LINE_END, -1);
        for (int i = 0; i < lines.length; i++) {
            String line = content(lines[i]);
            if (!line.isEmpty()) {
                Peer peer = parseLine(file, i + 1, line);
                refuseTwice(file, i + 1, "the id", peer.id(), lineOf);
                refuseTwice(file, i + 1, "the name", peer.name(), lineOf);
                peers.add(peer);
            }
        }
        return List.copyOf(peers);
    }

    /** The text of a list that is sound, with another key for the name of this peer. */
    static String replaced(String text, Peer peer) {
        StringBuilder out = new StringBuilder(text.length());
        int from = 0;
        for (String line : text.split(LINE_END, -1)) {
            String[] words = content(line).split("\\s+", -1);
            boolean isPeers = words.length == 2 && words[1].equals(peer.name());
            out.append(isPeers ? line.replaceFirst(Pattern.quote(words[0]), peer.id().toString()) : line);
            int end = from + line.length();
            from = end + endLength(text, end);
            out.append(text, end, from);
        }
        return out.toString();
    }

    /** The text of a list that is sound, without the line of this peer. */
    static String without(String text, Peer peer) {
        StringBuilder out = new StringBuilder(text.length());
        int from = 0;
        for (String line : text.split(LINE_END, -1)) {
            int end = from + line.length();
            int next = end + endLength(text, end);
            String[] words = content(line).split("\\s+", -1);
            if (words.length != 2 || !words[1].equals(peer.name())) {
                out.append(text, from, next);
            }
            from = next;
        }
        return out.toString();
    }

    /** How long the end of a line is that stands there; 0 at the end of the text. */
    private static int endLength(String text, int at) {
        return text.startsWith("\r\n", at) ? 2 : Math.min(1, text.length() - at);
    }

    /** Without the comment. */
    private static String content(String line) {
        return line.replaceFirst("#.*", "").strip();
    }

    private static Peer parseLine(Path file, int number, String line) throws IdentityException {
        String[] words = line.split("\\s+", -1);
        if (words.length != 2) {
            throw broken(file, number, "a line holds a peer id and a name, with a space between them");
        }
        try {
            return new Peer(PeerId.parse(words[0]), words[1]);
        } catch (IllegalArgumentException e) {
            throw broken(file, number, e.getMessage());
        }
    }

    private static void refuseTwice(Path file, int number, String what, Object value, Map<Object, Integer> lineOf)
            throws IdentityException {
        Integer before = lineOf.putIfAbsent(value, number);
        if (before != null) {
            throw broken(file, number, what + " " + value + " is on line " + before + " already");
        }
    }

    private static IdentityException broken(Path file, int number, String why) {
        return new IdentityException(
                file + ":" + number + ": " + why + ". Mend this line, or remove it");
    }
}
