package dev.ninetunnel.endpoint;

import dev.ninetunnel.identity.IdentityException;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerFile;
import dev.ninetunnel.identity.Peers;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The list of peers of an endpoint that runs: while the file is broken, it is as it was before, and the log says what is wrong
 * with it. Any thread.
 */
final class LastGoodPeers implements Peers {
    private static final Logger LOG = LoggerFactory.getLogger(LastGoodPeers.class);

    private final PeerFile book;
    private final Set<String> certified;
    private List<Peer> last;
    private String fault = "";

    /** With the names that certificates of an authority may stand for, as far as they are not in the list. */
    LastGoodPeers(PeerFile book, Set<String> certified) {
        this.book = book;
        this.certified = Set.copyOf(certified);
    }

    @Override
    public synchronized List<Peer> list() throws IdentityException {
        try {
            last = book.list();
            if (!fault.isEmpty()) {
                LOG.info("{} is in force again", book.file());
                fault = "";
            }
        } catch (IdentityException e) {
            if (last == null) {
                throw e;
            }
            if (!fault.equals(e.getMessage())) {
                fault = String.valueOf(e.getMessage());
                LOG.error("the list of peers stays as it was before: {}", fault);
            }
        }
        return last;
    }

    @Override
    public Set<String> certified() throws IdentityException {
        Set<String> pinned = list().stream().map(Peer::name).collect(Collectors.toSet());
        return certified.stream().filter(name -> !pinned.contains(name))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    @Override
    public synchronized Optional<String> fault() {
        return fault.isEmpty() ? Optional.empty() : Optional.of(fault);
    }
}
