package dev.ninetunnel.endpoint;

import dev.ninetunnel.audit.Audit;
import dev.ninetunnel.audit.Event;
import dev.ninetunnel.audit.Who;
import dev.ninetunnel.identity.CredentialFiles;
import dev.ninetunnel.identity.Credentials;
import dev.ninetunnel.identity.IdentityException;
import dev.ninetunnel.wire.Escaped;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps an endpoint's papers as they are in their files, and warns before they end. What is broken is told in the log, and all
 * stays as it was. Any thread but event loops: files are read.
 */
final class CredentialReloader {
    private static final Logger LOG = LoggerFactory.getLogger(CredentialReloader.class);

    private final Credentials credentials;
    private final Expiry expiry;
    private final Runnable changed;
    private final Audit audit;
    /** The state of the files that was last tried, and the one that was last seen. */
    private Object tried;
    private Object seen;
    private volatile String fault = "";
    private volatile List<String> ending = List.of();

    /**
     * Begins with what was read.
     *
     * @param changed what is to be done when other papers are in force
     * @param audit takes that they were read
     */
    CredentialReloader(Credentials credentials, Clock clock, Runnable changed, Audit audit) {
        this.credentials = credentials;
        this.expiry = new Expiry(clock);
        this.changed = changed;
        this.audit = audit;
        List<Path> hidden = credentials.hidden();
        if (hidden.isEmpty()) {
            tried = credentials.versionRead();
        } else {
            tried = credentials.version();
            LOG.info("this user may not read {}: what is changed there holds from the next start on",
                    hidden.stream().map(Path::toString).collect(Collectors.joining(", ")));
        }
        seen = tried;
        warn();
    }

    /** Looks whether files have changed, and rest: what is being written is left to be finished. */
    synchronized void look() {
        Object now = credentials.version();
        boolean rests = now.equals(seen);
        seen = now;
        if (rests && !now.equals(tried)) {
            reload();
        }
        warn();
    }

    /** Reads all files again now. Returns what is wrong with those that stay as they were, or nothing. */
    synchronized String reload() {
        tried = credentials.version();
        seen = tried;
        fault = String.join("; ", credentials.renew());
        changed.run();
        warn();
        audit.note(Who.NOBODY,
                new Event.Reload(List.of("keys, certificates and lists read again"), Escaped.of(fault)));
        if (fault.isEmpty()) {
            LOG.info("keys, certificates and lists were read again");
        } else {
            LOG.error("what is broken stays as it was: {}", fault);
        }
        return fault;
    }

    /**
     * Reads what is to hold later.
     *
     * @throws EndpointException if it is broken
     */
    Credentials.Content prepare(CredentialFiles files) throws EndpointException {
        try {
            return credentials.read(files);
        } catch (IdentityException e) {
            throw new EndpointException(EndpointException.Kind.CONFIG, e.getMessage(), e);
        }
    }

    /** Lets it hold. On any thread. */
    void take(Credentials.Content read) {
        credentials.take(read);
        fault = "";
    }

    /** Warns of what is about to end, if it has not done so. On any thread. */
    void warn() {
        ending = expiry.look(credentials.endings());
    }

    /** All that somebody should see to. On any thread. */
    List<String> warnings() {
        List<String> all = new ArrayList<>(ending);
        if (!fault.isEmpty()) {
            all.add("what is broken is as it was before: " + fault);
        }
        return all;
    }
}
