package dev.ninetunnel.session;

import dev.ninetunnel.link.Link;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MalformedMessageException;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rversion;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tversion;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A link on which an endpoint has dialled this one, until a session has it. The first Tversion says which session it is for;
 * one that is refused may be followed by another. On the session's loop.
 */
final class AcceptedLink {
    private static final Logger LOG = LoggerFactory.getLogger(AcceptedLink.class);
    private static final String VERSION = Dialect.LINUX.version();

    private final Link link;
    private final Sessions sessions;
    private boolean divides;
    /** The term that both sides have said; zero for no leases. */
    private Duration lease = Duration.ZERO;
    private boolean open;

    AcceptedLink(Link link, Sessions sessions) {
        this.link = link;
        this.sessions = sessions;
    }

    void start() {
        Deadline deadline = new Deadline(link, sessions.limits().opening(), () -> open,
                "it has not sent Tversion: does it speak 9P?");
        link.closed().thenAccept(end -> deadline.cancel());
        link.route(this::asked, frame -> {
            frame.release();
            throw new MalformedMessageException("a reply, where nothing had been asked");
        });
    }

    private void asked(ByteBuf frame) {
        try {
            MessageType type = MessageType.of(frame);
            if (type != MessageType.TVERSION) {
                throw new MalformedMessageException("a message of type " + Frame.type(frame) + " before Tversion");
            }
            asked((Tversion) Tmessage.read(frame), Frame.tag(frame));
        } finally {
            frame.release();
        }
    }

    private void asked(Tversion asked, int tag) {
        String version = asked.version().utf8();
        boolean richest = version.startsWith(VERSION + ";");
        divides = richest && PartsParameter.isIn(version);
        lease = richest ? LeaseParameter.agreed(sessions.limits().lease(), version) : Duration.ZERO;
        Optional<ResumeToken> claim = richest && sessions.limits().lasting()
                ? ResumeToken.of(version)
                : Optional.empty();
        if (claim.isPresent() && !(claim.get().isFresh() && !isKnown(claim.get()))) {
            resume(claim.get(), tag);
        } else if (sessions.crossing().isOurs(link.peer())) {
            claim.ifPresent(c -> answer(new Rversion(sessions.msize(), Text.of(Refusal.STALE.in(VERSION))), tag));
            link.close("the link that this endpoint has dialled meanwhile is the one that stays");
        } else {
            begin(claim.map(c -> sessions.fresh(link.peer(), c.session())).orElseGet(() -> sessions.ofLink(link)),
                    asked, tag, claim);
        }
        link.endOfBatch();
    }

    private boolean isKnown(ResumeToken resumeToken) {
        return sessions.named(link.peer(), resumeToken.session()).isPresent();
    }

    private void begin(Session session, Tversion asked, int tag, Optional<ResumeToken> claim) {
        Rversion answer = session.begin(asked);
        if (session.requestLimit() == 0) {
            session.end("no version was agreed");
            answer(answer, tag);
            return;
        }
        grant(answer.msize(), claim.isEmpty() ? answer.version() : session.claim(1).in(answer.version().utf8()), tag);
        session.leases(lease);
        sessions.propose(session);
        session.attach(link, 0);
        session.ask(sessions.msize());
    }

    private void resume(ResumeToken resumeToken, int tag) {
        Session session = sessions.named(link.peer(), resumeToken.session()).orElse(null);
        if (session == null) {
            refuse(Refusal.UNKNOWN, tag, "it asks for a session that is not, or not any more, one of its own");
        } else if (!session.isLater(resumeToken.link()) && !sessions.crossing().isTie(link.peer(), resumeToken)) {
            refuse(Refusal.STALE, tag, "it asks for a session that a later link has");
            link.close("a later link has the session");
        } else if (session.fault(resumeToken.received()).isPresent()) {
            refuse(Refusal.COUNT, tag, session.fault(resumeToken.received()).get());
        } else {
            grant(session.requestLimit(), session.claim(resumeToken.link()).in(VERSION), tag);
            session.enterIntoForce();
            session.attach(link, resumeToken.received());
            LOG.info("the session with {} goes on", link);
        }
    }

    private void refuse(Refusal refusal, int tag, String why) {
        LOG.warn("{} cannot go on with a session: {}", link, why);
        answer(new Rversion(sessions.msize(), Text.of(refusal.in(VERSION))), tag);
    }

    private void grant(int msize, Text version, int tag) {
        answer(new Rversion(msize, LeaseParameter.in(divides ? PartsParameter.in(version) : version, lease)), tag);
        if (divides) {
            link.divide();
        }
        open = true;
        sessions.crossing().giveWay(link.peer());
    }

    private void answer(Rversion answer, int tag) {
        ByteBuf frame = ByteBufAllocator.DEFAULT.buffer(128);
        answer.write(frame, tag);
        link.accept(frame);
    }
}
