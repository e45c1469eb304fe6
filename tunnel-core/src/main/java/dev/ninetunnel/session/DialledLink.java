package dev.ninetunnel.session;

import dev.ninetunnel.identity.PeerId;
import dev.ninetunnel.link.FrameSink;
import dev.ninetunnel.link.Link;
import dev.ninetunnel.link.LinkEnd;
import dev.ninetunnel.mux.RemoteParameters;
import dev.ninetunnel.wire.MalformedMessageException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A link that this endpoint has dialled, until a session has it. It sends Tversion, to an endpoint of ours with a claim to
 * the session that is waiting for a link, or else to a new one; the answer says whether it is granted, and what has
 * arrived on the other side. On the session's loop.
 */
final class DialledLink {
    private static final Logger LOG = LoggerFactory.getLogger(DialledLink.class);
    /** What may come before the answer: the far side's own Tversion, if it does not wait for ours. */
    private static final int MOST_EARLY = 4;

    private final Link link;
    private final Sessions sessions;
    private final LinkWatch watch;
    private final Queue<ByteBuf> early = new ArrayDeque<>();
    private VersionExchange versionExchange;
    private Session session;
    private ResumeToken resumeToken;
    /** The term that both sides have said; zero for no leases. */
    private Duration lease = Duration.ZERO;
    private boolean open;
    private boolean givenUp;

    DialledLink(Link link, Sessions sessions, LinkWatch watch) {
        this.link = link;
        this.sessions = sessions;
        this.watch = watch;
    }

    void start() {
        Deadline deadline = new Deadline(link, sessions.limits().opening(), () -> open, this::unanswered);
        link.closed().thenAccept(end -> {
            deadline.cancel();
            sessions.crossing().asksNoMore(this);
            ended(end);
        });
        link.route(this::early, new Answers());
        begin();
    }

    /** A far side that is only slow may grant the claim yet: a goodbye would then end the session that it is about. */
    private void unanswered() {
        String reason = "it has not answered Tversion: does it speak 9P?";
        if (resumeToken != null && !resumeToken.isFresh()) {
            link.abandon(reason);
        } else {
            link.close(reason);
        }
    }

    private void begin() {
        if (link.ours() && sessions.isLinkedWith(link.peer())) {
            giveWay();
        } else {
            versionExchange = new VersionExchange(link.ours(), sessions.msize());
            ask();
        }
    }

    /** The peer's own link has been taken on, and nothing has been agreed on this one. */
    void giveWay() {
        givenUp = true;
        sessions.crossing().asksNoMore(this);
        link.close("the peer has dialled this endpoint meanwhile");
    }

    boolean isTo(PeerId peer) {
        return link.peer().equals(peer);
    }

    boolean isYounger(Duration age) {
        return link.age().compareTo(age) < 0;
    }

    /** Whether what it asks for is the same link of the same session. */
    boolean claims(ResumeToken other) {
        return resumeToken != null && resumeToken.session().equals(other.session())
                && resumeToken.link() == other.link();
    }

    private void ask() {
        if (link.ours()) {
            sessions.crossing().asks(this);
        }
        ByteBuf question = ByteBufAllocator.DEFAULT.buffer(128);
        if (link.ours() && sessions.limits().lasting()) {
            session = sessions.forDialled(link);
            resumeToken = session.nextClaim();
            versionExchange.askFirst(question, resumeToken, sessions.limits().lease());
        } else if (link.ours()) {
            versionExchange.askFirst(question, sessions.limits().lease());
        } else {
            versionExchange.ask(question);
        }
        link.accept(question);
        link.endOfBatch();
    }

    private void early(ByteBuf frame) {
        if (early.size() == MOST_EARLY) {
            frame.release();
            throw new MalformedMessageException("requests before it has answered Tversion");
        }
        early.add(frame);
    }

    private void answered(ByteBuf frame) {
        if (givenUp) {
            return;
        }
        sessions.crossing().asksNoMore(this);
        switch (versionExchange.answered(frame)) {
            case VersionExchange.Outcome.AskAgain() -> ask();
            case VersionExchange.Outcome.Refused(String reason) -> link.incompatible(reason);
            case VersionExchange.Outcome.Agreed(RemoteParameters far, String version) -> {
                Optional<Refusal> refusal = Refusal.of(version);
                if (refusal.isPresent() && resumeToken != null) {
                    refused(refusal.get());
                } else {
                    if (link.ours() && PartsParameter.isIn(version)) {
                        link.divide();
                    }
                    lease = link.ours() ? LeaseParameter.agreed(sessions.limits().lease(), version) : Duration.ZERO;
                    agreed(far, ResumeToken.of(version).filter(theirs -> resumeToken != null));
                }
            }
        }
    }

    private void refused(Refusal refusal) {
        LOG.info("{} refuses to go on with the session: {}", link, refusal.words());
        if (refusal == Refusal.STALE || resumeToken.isFresh()) {
            link.close("the far side refuses the session: " + refusal.words());
            return;
        }
        session.end(refusal.words());
        session = null;
        resumeToken = null;
        begin();
    }

    private void agreed(RemoteParameters far, Optional<ResumeToken> theirs) {
        if (theirs.isEmpty()) {
            forThisLinkAlone(far);
        } else if (!theirs.get().session().equals(resumeToken.session())) {
            throw new MalformedMessageException("an answer about a session that was not asked for");
        } else if (resumeToken.isFresh()) {
            fresh(far);
        } else {
            resume(theirs.get());
        }
    }

    /** The far side speaks 9P, but knows nothing of sessions. */
    private void forThisLinkAlone(RemoteParameters far) {
        if (session != null) {
            session.end("the far side does not know of sessions any more");
        }
        session = sessions.ofLink(link);
        fresh(far);
    }

    private void fresh(RemoteParameters far) {
        session.leases(lease);
        session.enterIntoForce();
        session.attach(link, 0);
        session.agreed(far);
        opened();
    }

    private void resume(ResumeToken theirs) {
        if (!session.mayMoveTo(link.peer())) {
            link.close("the session has another link, or is over");
            return;
        }
        Optional<String> fault = session.fault(theirs.received());
        if (fault.isPresent()) {
            LOG.warn("the session with {} is over: {}", link, fault.get());
            session.end(fault.get());
            link.close(fault.get());
            return;
        }
        session.attach(link, theirs.received());
        LOG.info("the session with {} goes on", link);
        opened();
    }

    private void opened() {
        open = true;
        if (session.isLasting() && !early.isEmpty()) {
            throw new MalformedMessageException("requests before it has answered Tversion");
        }
        session.takeEarly(early);
        watch.opened(session);
    }

    private void ended(LinkEnd end) {
        early.forEach(ByteBuf::release);
        early.clear();
        if (!open && session != null && resumeToken != null && resumeToken.isFresh()) {
            session.end(end.reason());
        }
        watch.ended(end, open);
    }

    /** Where the splitter sends the odd frames until a session has the link. */
    private final class Answers implements FrameSink {
        @Override
        public void accept(ByteBuf frame) {
            try {
                answered(frame);
            } finally {
                frame.release();
            }
        }
    }
}
