package dev.ninetunnel.link.accept;

import dev.ninetunnel.audit.Audit;
import dev.ninetunnel.audit.Event;
import dev.ninetunnel.audit.Who;
import dev.ninetunnel.link.BoundedLog;
import dev.ninetunnel.wire.Escaped;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * By which every refusal of a connection goes: it is counted, goes on record, and the log says why, at a bounded rate for each
 * kind, so that many of one do not hide the others. Any thread may call.
 */
public final class RejectionLog {
    /** What was refused. */
    public enum Kind {
        /** A connection, unheard, for there were too many. */
        CROWD,
        /** One whose handshake came to nothing. */
        HANDSHAKE,
        /** One that came with an invitation. */
        INVITATION
    }

    private static final Logger LOG = LoggerFactory.getLogger(LinkAcceptor.class);

    private record Tally(BoundedLog log, AtomicLong count) {}

    private final Map<Kind, Tally> tallies = new EnumMap<>(Kind.class);
    private final Audit audit;

    /** None so far. */
    RejectionLog(Audit audit) {
        this.audit = audit;
        for (Kind kind : Kind.values()) {
            tallies.put(kind, new Tally(new BoundedLog(LOG), new AtomicLong()));
        }
    }

    /**
     * A connection is refused.
     *
     * @param reason a word for the record
     * @param from where it came from, for people
     * @param why as the end of a sentence that begins with where it came from
     */
    void refused(Kind kind, String reason, String from, String why) {
        audit.note(Who.NOBODY, new Event.Refused(reason, Escaped.of(from), false, Escaped.of(why)));
        Tally tally = tallies.get(kind);
        tally.count().incrementAndGet();
        tally.log().warn("refused a connection from " + from + ": " + why);
    }

    /** How many there were. */
    public long count(Kind kind) {
        return tallies.get(kind).count().get();
    }
}
