package dev.ninetunnel.endpoint;

import dev.ninetunnel.cache.behind.WriteBehind;
import dev.ninetunnel.audit.AuditConfig;
import dev.ninetunnel.endpoint.process.RunAs;
import dev.ninetunnel.endpoint.web.WebConfig;
import dev.ninetunnel.export.Export;
import dev.ninetunnel.export.RunAsRule;
import dev.ninetunnel.identity.CredentialFiles;
import dev.ninetunnel.link.HandshakeLimits;
import dev.ninetunnel.session.SessionLimits;
import dev.ninetunnel.wire.Frame;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What an endpoint is told before it starts.
 *
 * @param home where its key, its certificate and its list of peers are
 * @param run where it posts its local sockets; made with mode 0700 if it is not there
 * @param msize the largest 9P message to agree on, header included, in bytes
 * @param exports what the far sides may use of this machine; none by default
 * @param limits how long and how much
 * @param papers where its key and certificate are, and who may vouch for peers; in the home folder, and none, if not said
 * @param user whom the process becomes before it serves anybody; it stays whose it is, if not said
 * @param audit where a record is kept of what peers do; none, if not said
 * @param web what is told by HTTP; nothing, if not said
 */
public record EndpointConfig(Path home, Path run, int msize, List<Export> exports, Limits limits,
        CredentialFiles papers,
        Optional<RunAs> user, Optional<AuditConfig> audit, WebConfig web) {
    /**
     * 1 MiB, the most that Linux asks for over a socket (MAX_SOCK_BUF in its net/9p/trans_fd.c): a mount on a long line is as
     * fast as its messages are large. Clients that ask for less get that.
     */
    public static final int DEFAULT_MSIZE = 1 << 20;
    /** The largest that can be configured: 16 MiB, the most that one message of the far side makes us hold. */
    public static final int MAX_MSIZE = 16 << 20;

    /** The least that 9P2000.L works with: names of 255 bytes and a little data must fit. */
    public static final int MIN_MSIZE = Frame.MIN_MSIZE;

    /** Throws {@link IllegalArgumentException}, with a message for people, for what cannot be together, or be at all. */
    public EndpointConfig {
        if (msize < MIN_MSIZE || msize > MAX_MSIZE) {
            throw new IllegalArgumentException(
                    "an msize of " + msize + " bytes cannot be: it goes from " + MIN_MSIZE + " to " + MAX_MSIZE);
        }
        exports = List.copyOf(exports);
        if (user.isPresent()) {
            exports.stream().filter(EndpointConfig::actsAsOthers).findFirst().ifPresent(export -> {
                throw new IllegalArgumentException(onlyRoot("the export \"" + export.name() + "\""));
            });
        }
    }

    private static boolean actsAsOthers(Export export) {
        return export.target() instanceof Export.Target.Directory directory
                && !directory.options().as().equals(RunAsRule.SELF);
    }

    /** What is wrong with something that acts as others. */
    static String onlyRoot(String what) {
        return what
                + " acts as other users (as), which takes root, and an endpoint that becomes another user (user) is not "
                + "root: leave one of the two out, or run one endpoint for each";
    }

    /** With a key in the home folder, no authorities, and no change of users. */
    public EndpointConfig(Path home, Path run, int msize, List<Export> exports, Limits limits) {
        this(home, run, msize, exports, limits, CredentialFiles.inHome(home), Optional.empty(), Optional.empty(),
                WebConfig.NONE);
    }

    /** The same, with its papers elsewhere. */
    public EndpointConfig withPapers(CredentialFiles elsewhere) {
        return new EndpointConfig(home, run, msize, exports, limits, elsewhere, user, audit, web);
    }

    /** The same, as another user. */
    public EndpointConfig withUser(Optional<RunAs> other) {
        return new EndpointConfig(home, run, msize, exports, limits, papers, other, audit, web);
    }

    /** The same, with or without a record. */
    public EndpointConfig withAudit(Optional<AuditConfig> kept) {
        return new EndpointConfig(home, run, msize, exports, limits, papers, user, kept, web);
    }

    /** The same, with other limits. */
    public EndpointConfig withLimits(Limits others) {
        return new EndpointConfig(home, run, msize, exports, others, papers, user, audit, web);
    }

    /** The same, telling this by HTTP. */
    public EndpointConfig withWeb(WebConfig told) {
        return new EndpointConfig(home, run, msize, exports, limits, papers, user, audit, told);
    }

    /**
     * Times that an endpoint waits, and how many it hears.
     *
     * @param session how long a link may take to open, be silent, or be away
     * @param drain for requests in progress to end, when the endpoint leaves
     * @param door how much they may use who come in, until they have proven who they are
     * @param cache what is kept of the files of each peer, in bytes at most; 0 for nothing
     * @param writeBehind whose writes are answered before the peer has them
     */
    public record Limits(SessionLimits session, Duration drain, HandshakeLimits door, long cache,
            WriteBehind writeBehind) {
        /** The same, with other limits for sessions. */
        public Limits withSession(SessionLimits limits) {
            return new Limits(limits, drain, door, cache, writeBehind);
        }

        /** The same, with other bounds for those who come in. */
        public Limits withDoor(HandshakeLimits bounds) {
            return new Limits(session, drain, bounds, cache, writeBehind);
        }

        /** The same, keeping this number of bytes of the files of each peer; 0 for none. */
        public Limits withCache(long bytes) {
            return new Limits(session, drain, door, bytes, writeBehind);
        }

        /** The same, where writes of others are answered so. */
        public Limits withWriteBehind(WriteBehind whose) {
            return new Limits(session, drain, door, cache, whose);
        }

        /** What serves everywhere. */
        public static final Limits DEFAULT = new Limits(SessionLimits.STANDARD, Duration.ofSeconds(5),
                HandshakeLimits.DEFAULT, 64 << 20, WriteBehind.MOUNTS);
    }
}
