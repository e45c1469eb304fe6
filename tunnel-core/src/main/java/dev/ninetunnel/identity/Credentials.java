package dev.ninetunnel.identity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What an endpoint shows to its peers, whose word it takes about them, and whom it has met: as last read from files. Reading
 * them and taking what was read are two steps, so that nothing is taken that is broken. Any thread.
 */
public final class Credentials {
    private final Clock clock;
    private final Map<Peer, Meeting> meetings = new ConcurrentHashMap<>();
    private volatile Content content;

    /** What was read, from files that were in this state. */
    public static final class Content {
        private final CredentialFiles files;
        private final Identity identity;
        private final Optional<Authority> authority;
        private final Map<Path, Object> ownVersions;
        private final Map<Path, Object> trustVersions;

        private Content(CredentialFiles files, Identity identity, Optional<Authority> authority,
                Map<Path, Object> ownVersions, Map<Path, Object> trustVersions) {
            this.files = files;
            this.identity = identity;
            this.authority = authority;
            this.ownVersions = ownVersions;
            this.trustVersions = trustVersions;
        }
    }

    /** Stands for a file that is not there, and for one that this process may not look at. */
    private enum Unseen {
        MISSING, HIDDEN
    }

    /**
     * When a peer proved who it is.
     *
     * @param checked the authority that was last asked about it
     */
    private record Meeting(List<X509Certificate> shown, boolean vouched, Purpose purpose, Instant at,
            Authority checked) {
        Meeting checkedBy(Authority authority) {
            return new Meeting(shown, vouched, purpose, at, authority);
        }
    }

    private Credentials(Content content, Clock clock) {
        this.content = content;
        this.clock = clock;
    }

    /**
     * Reads all files; in a home folder, makes a key and a certificate if there are none.
     *
     * @throws IdentityException if one cannot be used: the message says which, where and why
     */
    public static Credentials open(CredentialFiles files, Clock clock) throws IdentityException {
        Map<Path, Object> before = versions(files.trustFiles());
        Identity own = Identity.load(files.own(), clock);
        // Those of its own may have been made just now.
        return new Credentials(new Content(files, own, authority(files), versions(files.own().files()), before), clock);
    }

    /**
     * Reads all files, and makes none. Throws as {@link #open} does.
     *
     * @return whether names in certificates count for anything
     */
    public static boolean check(CredentialFiles files, Clock clock) throws IdentityException {
        if (files.own().files().stream().anyMatch(Files::exists)
                || !(files.own() instanceof CredentialFiles.Own.Home)) {
            Identity.load(files.own(), clock);
        }
        return authority(files).isPresent();
    }

    /** A key and certificate that never change, and no authorities. */
    public static Credentials of(Identity identity, Clock clock) {
        return new Credentials(new Content(null, identity, Optional.empty(), Map.of(), Map.of()), clock);
    }

    private static Optional<Authority> authority(CredentialFiles files) throws IdentityException {
        return files.authorities().isEmpty()
                ? Optional.empty()
                : Optional.of(Authority.read(files.authorities(), files.revoked()));
    }

    /** Who this endpoint is. */
    public Identity identity() {
        return content.identity;
    }

    /** Where they are. */
    public CredentialFiles files() {
        return content.files;
    }

    /** Whether the names in certificates count for anything. */
    public boolean hasAuthority() {
        return content.authority.isPresent();
    }

    public Optional<Authority> authority() {
        return content.authority;
    }

    /**
     * Reads files again, or others in their place, and changes nothing yet. Files that were read before, and that this process
     * may not look at any more, since it has given up its power, stay as they were read. Nothing is made in a home folder.
     *
     * @throws IdentityException if one cannot be used; the message says which, where and why
     */
    public Content read(CredentialFiles files) throws IdentityException {
        Content before = content;
        Map<Path, Object> own = versions(files.own().files());
        Map<Path, Object> trust = versions(files.trustFiles());
        return new Content(files, ownAgain(files, own, before), authorityAgain(files, trust, before), own, trust);
    }

    /**
     * Reads all files again and lets them hold: this endpoint's own, and those about authorities, each as far as they are whole.
     * A list of revoked certificates does not wait until somebody has mended a certificate.
     *
     * @return what is wrong
     */
    public List<String> renew() {
        Content before = content;
        CredentialFiles files = before.files;
        List<String> faults = new ArrayList<>();
        Map<Path, Object> own = versions(files.own().files());
        Map<Path, Object> trust = versions(files.trustFiles());
        Identity identity = before.identity;
        Optional<Authority> authority = before.authority;
        try {
            identity = ownAgain(files, own, before);
        } catch (IdentityException e) {
            own = before.ownVersions;
            faults.add(String.valueOf(e.getMessage()));
        }
        try {
            authority = authorityAgain(files, trust, before);
        } catch (IdentityException e) {
            trust = before.trustVersions;
            faults.add(String.valueOf(e.getMessage()));
        }
        takeAgain(new Content(files, identity, authority, own, trust));
        return faults;
    }

    /** What has not changed needs no reading, nor does it matter then that it has ended since. */
    private Identity ownAgain(CredentialFiles files, Map<Path, Object> versions, Content before)
            throws IdentityException {
        boolean same = files.own().equals(before.files.own())
                && (versions.containsValue(Unseen.HIDDEN) || versions.equals(before.ownVersions));
        if (same) {
            return before.identity;
        }
        return Identity.load(files.own() instanceof CredentialFiles.Own.Home(Path home)
                ? new CredentialFiles.Own.Pem(home.resolve(Identity.CERT_FILE), home.resolve(Identity.KEY_FILE))
                : files.own(), clock);
    }

    private static Optional<Authority> authorityAgain(CredentialFiles files, Map<Path, Object> versions, Content before)
            throws IdentityException {
        boolean same = files.authorities().equals(before.files.authorities())
                && files.revoked().equals(before.files.revoked()) && versions.containsValue(Unseen.HIDDEN);
        return same ? before.authority : authority(files);
    }

    /** Lets what was read hold, from the next handshake on. */
    public synchronized void take(Content read) {
        content = read;
    }

    /** The same, unless other files have taken the place of those meanwhile. */
    private synchronized void takeAgain(Content read) {
        if (read.files.equals(content.files)) {
            content = read;
        }
    }

    /** The state that the files are in; two that are equal stand for the same content. */
    public Object version() {
        Content now = content;
        return List.of(versions(now.files.own().files()), versions(now.files.trustFiles()));
    }

    /** The state that the files were in when they were read; see {@link #version}. */
    public Object versionRead() {
        Content now = content;
        return List.of(now.ownVersions, now.trustVersions);
    }

    /** The files of which this process cannot see whether they change. */
    public List<Path> hidden() {
        Content now = content;
        Map<Path, Object> all = versions(now.files.own().files());
        all.putAll(versions(now.files.trustFiles()));
        return all.keySet().stream().filter(file -> all.get(file) == Unseen.HIDDEN).toList();
    }

    private static Map<Path, Object> versions(List<Path> files) {
        Map<Path, Object> versions = new LinkedHashMap<>();
        for (Path file : files) {
            versions.put(file, version(file));
        }
        return versions;
    }

    private static Object version(Path file) {
        try {
            Optional<WatchedFile.Version> version = WatchedFile.version(file);
            return version.isEmpty() ? Unseen.MISSING : Files.isReadable(file) ? version.get() : Unseen.HIDDEN;
        } catch (IOException e) {
            return Unseen.HIDDEN;
        }
    }

    /** A peer has proven who it is. */
    public void met(Peer peer, List<X509Certificate> shown, boolean vouched, Purpose purpose) {
        meetings.put(peer, new Meeting(shown, vouched, purpose, clock.instant(), null));
    }

    /**
     * Whether a peer that was let in because an authority vouched for it would be vouched for still, but for the end of its
     * certificate: a link outlives that.
     */
    public boolean stillVouchedFor(Peer peer) {
        Meeting meeting = meetings.get(peer);
        Authority authority = content.authority.orElse(null);
        if (meeting == null || !meeting.vouched || authority == null) {
            return false;
        }
        if (meeting.checked != authority) {
            if (!authority.stillVouches(meeting.shown, meeting.purpose, meeting.at)) {
                return false;
            }
            meetings.replace(peer, meeting, meeting.checkedBy(authority));
        }
        return true;
    }

    /** When each thing ends that peers are asked for: certificates of this endpoint, of authorities, and of peers met. */
    public List<Expiration> endings() {
        Content now = content;
        List<Expiration> all = new ArrayList<>();
        now.identity.chain().forEach(c -> all.add(new Expiration(
                c.equals(now.identity.chain().getFirst())
                        ? "this endpoint's certificate"
                        : "the certificate of " + Authority.subject(c) + ", which this endpoint shows with its own,",
                c.getNotAfter().toInstant())));
        now.authority.ifPresent(authority -> all.addAll(authority.endings()));
        Map<String, Meeting> latest = new LinkedHashMap<>();
        meetings.forEach((peer, meeting) -> latest.merge(peer.name(), meeting,
                (a, b) -> a.at.isAfter(b.at) ? a : b));
        latest.forEach((name, meeting) -> all.add(new Expiration("the certificate of the peer " + name,
                meeting.shown.getFirst().getNotAfter().toInstant())));
        return all;
    }
}
