package dev.ninetunnel.identity;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The text of a list of peers. */
final class PeerFileFormat {
    private PeerFileFormat() {}

    static List<Peer> parse(Path file, String text) throws IdentityException {
        List<Peer> peers = new ArrayList<>();
        Map<Object, Integer> lineOf = new HashMap<>();
        String[] lines = text.split("\\R", -1);
        for (int i = 0; i < lines.length; i++) {
            String line = lines[i].replaceFirst("#.*", "").strip();
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
        return text.replaceFirst("(?m)^[ \\t]*[^\\s#]+([ \\t]+" + Pattern.quote(peer.name()) + ")(?=\\s|#|$)",
                peer.id() + "$1");
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
