package dev.ninetunnel.cli;

import dev.ninetunnel.wire.Escaped;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * Tells, when a command waits for a peer, for whom it waits, how it stands with the link, and since when nothing was heard: as the
 * endpoint has it in its status. It does not block its caller.
 */
record WaitNotice(RunDirectory where, String peer, Consumer<String> say) implements Runnable {
    private static final String LAST_CONTACT = "  last contact ";

    @Override
    public void run() {
        Thread.ofVirtual().name("wait notice").start(() -> say.accept(words(peer, status())));
    }

    private String status() {
        StringBuilder all = new StringBuilder();
        for (Path socket : ControlFiles.sockets(where)) {
            try {
                all.append(ControlFiles.read(where, socket, "status"));
            } catch (IOException _) {
                // Another endpoint may know the peer; if none does, no more can be told.
            }
        }
        return all.toString();
    }

    /** What to tell, from what {@code ninetunnel status} shows. */
    static String words(String peer, String status) {
        String name = Escaped.of(peer);
        String waiting = "waiting for " + name;
        List<String> lines = status.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith(name + ": ")) {
                waiting += ": " + lines.get(i).substring(name.length() + 2);
                for (int j = i + 1; j < lines.size() && lines.get(j).startsWith(" "); j++) {
                    if (lines.get(j).startsWith(LAST_CONTACT)) {
                        waiting += "; last heard of " + lines.get(j).substring(LAST_CONTACT.length()).strip();
                    }
                }
                break;
            }
        }
        return waiting;
    }
}
