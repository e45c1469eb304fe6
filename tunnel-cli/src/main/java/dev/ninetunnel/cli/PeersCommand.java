package dev.ninetunnel.cli;

import dev.ninetunnel.cli.options.Invocation;
import dev.ninetunnel.client.ForeignServerException;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ninetunnel peers}. */
@Command(name = "peers", mixinStandardHelpOptions = true, description = {
        "Lists the trusted peers in the file 'peers' of the home directory: peer id and name, a line each."}, footer = {
                "", "Example:", "  ninetunnel peers -l"})
final class PeersCommand implements Callable<Integer> {
    /** As status tells of a peer, and what it says below that. */
    private static final Pattern PEER = Pattern.compile("^(\\S+): (.*)$");
    private static final Pattern CONTACT = Pattern.compile("^  last contact +(.*)$");
    private static final Pattern RIGHTS = Pattern.compile("^  may use here +(.*)$");
    private static final String UNKNOWN = "-";

    @Mixin
    private Invocation invocation;

    @Option(names = {"-l",
            "--long"}, description = "Names first, with the state of the link and how long ago something was last heard of "
                    + "the peer, and below what it may use here, by export: ro or rw, and as whom. '-' where no endpoint "
                    + "runs here that knows.")
    private boolean detailed;

    /** What an endpoint says of a peer. */
    private record Told(String state, String contact, String rights) {}

    @Override
    public Integer call() {
        PeerFile book = new PeerFile(invocation.common().home());
        List<Peer> peers = Problems.explained(book::list);
        if (peers.isEmpty()) {
            invocation.err().println("ninetunnel: no peer is in " + invocation.common().home().resolve("peers")
                    + " yet: 'ninetunnel invite NAME' pairs with one");
            invocation.err().flush();
        }
        if (!detailed) {
            invocation.print(peers.stream().map(peer -> peer.id() + " " + peer.name()).toList());
            return 0;
        }
        Map<String, Told> told = told();
        invocation.print(peers.stream().map(peer -> {
            Told of = told.getOrDefault(peer.name(), new Told(UNKNOWN, UNKNOWN, ""));
            String line = String.format(Locale.ROOT, "%-16s %-12s %s %s", peer.name(), of.contact, peer.id(), of.state);
            return of.rights.isEmpty() ? line : line + System.lineSeparator() + "    may use here: " + of.rights;
        }).toList());
        return 0;
    }

    /** Of each peer, what the endpoints that run here say. */
    private Map<String, Told> told() {
        RunDirectory run = invocation.common().sockets();
        Map<String, Told> all = new HashMap<>();
        for (Path socket : ControlFiles.sockets(run)) {
            try {
                read(ControlFiles.read(run, socket, "status"), all);
            } catch (ForeignServerException e) {
                throw RunDirectory.foreign(e);
            } catch (IOException _) {
                // It is gone.
            }
        }
        return all;
    }

    private static void read(String status, Map<String, Told> all) {
        String name = "";
        for (String line : status.split("\n", -1)) {
            Matcher peer = PEER.matcher(line);
            Matcher contact = CONTACT.matcher(line);
            Matcher rights = RIGHTS.matcher(line);
            if (peer.matches()) {
                name = peer.group(1);
                all.put(name, new Told(peer.group(2), UNKNOWN, ""));
            } else if (contact.matches() && all.containsKey(name)) {
                all.put(name, new Told(all.get(name).state, contact.group(1), all.get(name).rights));
            } else if (rights.matches() && all.containsKey(name)) {
                all.put(name, new Told(all.get(name).state, all.get(name).contact, rights.group(1)));
            }
        }
    }
}
