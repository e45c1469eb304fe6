package dev.ninetunnel.identity;

import java.util.regex.Pattern;

/**
 * A peer that this endpoint trusts, with the name that it has here.
 *
 * @param name 1 to 64 letters, digits, dots, underscores and hyphens, not beginning with a dot or a hyphen: it becomes
 *     the name of a socket file and an argument on command lines. Not {@code ctl}, nor what begins with {@code ctl-}:
 *     the endpoint's own sockets are named so
 */
public record Peer(PeerId id, String name) implements ExpectedPeer {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,63}");

    public Peer {
        requireName(name);
    }

    @Override
    public String proof() {
        return id.toString();
    }

    /** Throws {@link IllegalArgumentException}, with a message for people, if it cannot be a peer's name. */
    static void requireName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("\"" + PeerId.printable(name) + "\" cannot name a peer: a name has 1 to"
                    + " 64 letters, digits, dots, underscores and hyphens, and begins with no dot or hyphen");
        }
        if (name.equals("ctl") || name.startsWith("ctl-")) {
            throw new IllegalArgumentException("\"" + name + "\" cannot name a peer: the socket of that name is the "
                    + "endpoint's own. Choose another name");
        }
    }
}
