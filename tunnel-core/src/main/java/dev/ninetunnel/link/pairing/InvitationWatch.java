package dev.ninetunnel.link.pairing;

import dev.ninetunnel.audit.Audit;
import dev.ninetunnel.audit.Event;
import dev.ninetunnel.audit.Who;
import dev.ninetunnel.identity.IdentityException;
import dev.ninetunnel.identity.invitation.Invitations;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts invitations on record, which other processes make: that there is one, and that its time is over without anybody having
 * used it. Those that were there at the start are told, too. Any thread but event loops: a file is read.
 */
public final class InvitationWatch {
    private static final Logger LOG = LoggerFactory.getLogger(InvitationWatch.class);

    private final Invitations invitations;
    private final Audit audit;
    private final Clock clock;
    /** Whether its end has been told, by its id. */
    private final Map<String, Boolean> told = new HashMap<>();

    public InvitationWatch(Invitations invitations, Audit audit, Clock clock) {
        this.invitations = invitations;
        this.audit = audit;
        this.clock = clock;
    }

    public synchronized void look() {
        try {
            Map<String, Boolean> now = new HashMap<>();
            for (Invitations.Unused one : invitations.unused()) {
                boolean over = !clock.instant().isBefore(one.ends());
                Boolean before = told.get(one.id());
                now.put(one.id(), over);
                if (before == null && !over) {
                    note("invited", one);
                } else if (over && Boolean.FALSE.equals(before)) {
                    note("expired", one);
                }
            }
            told.clear();
            told.putAll(now);
        } catch (IdentityException e) {
            LOG.debug("who is invited cannot be told just now: {}", e.getMessage());
        }
    }

    private void note(String state, Invitations.Unused one) {
        audit.note(Who.NOBODY, new Event.Pairing(state, one.name(), "", "", null, one.ends()));
    }
}
