package dev.ninetunnel.cli.doctor;

import dev.ninetunnel.identity.Credentials;
import dev.ninetunnel.identity.Expiration;
import dev.ninetunnel.identity.Identity;
import dev.ninetunnel.identity.IdentityException;
import dev.ninetunnel.identity.PeerFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What this user has: a key, peers, and a place for sockets. */
public record OwnChecks(Path home, Path run, Clock clock) {
    /** With the name of a peer of usual length, which is a part of it. */
    private static final int LONGEST_RUN = 107 - "/a-peer-of-usual-length.9p".length();
    private static final Duration SOON = Duration.ofDays(30);

    /** All of them. Makes nothing. */
    public List<Finding> all() {
        List<Finding> all = new ArrayList<>();
        all.add(key());
        all.add(peers());
        all.add(sockets());
        return all;
    }

    private Finding key() {
        if (Files.notExists(home.resolve(Identity.KEY_FILE))) {
            return Finding.missing("no key in " + home + " yet", "the first command that needs one makes it: "
                    + "ninetunnel id; or say --home if it is elsewhere");
        }
        try {
            Credentials own = Credentials.of(Identity.loadOrCreate(home, clock), clock);
            for (Expiration end : own.endings()) {
                if (end.end().isBefore(clock.instant().plus(SOON))) {
                    return Finding.bad(end.what() + " ends at " + end.end(), "replace it: certs/README.md says how");
                }
            }
            return Finding.good("the key in " + home + ": " + own.identity().id());
        } catch (IdentityException e) {
            return Finding.bad("the key cannot be used", e.getMessage());
        }
    }

    private Finding peers() {
        try {
            int number = new PeerFile(home).list().size();
            return number == 0
                    ? Finding.missing("no peer is trusted yet",
                            "pair with one: ninetunnel invite here, ninetunnel accept there")
                    : Finding.good(number + (number == 1 ? " peer is trusted" : " peers are trusted"));
        } catch (IdentityException e) {
            return Finding.bad("the list of peers cannot be used", e.getMessage());
        }
    }

    private Finding sockets() {
        int length = run.toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > LONGEST_RUN) {
            return Finding.bad("the directory for sockets has too long a name (" + length + " bytes): " + run,
                    "say a shorter one with --run: the name of a socket has 107 bytes at most (unix(7))");
        }
        Path there = run;
        while (there != null && Files.notExists(there)) {
            there = there.getParent();
        }
        return there != null && Files.isWritable(there)
                ? Finding.good("sockets in " + run)
                : Finding.bad("no sockets can be made in " + run, "say another directory with --run");
    }
}
