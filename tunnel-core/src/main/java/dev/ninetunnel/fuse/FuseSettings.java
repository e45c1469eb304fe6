package dev.ninetunnel.fuse;

import dev.ninetunnel.client.Login;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How something is mounted.
 *
 * @param login who mounts, and what of the server
 * @param eachUser whether each local user attaches as that user; else all of them are the one who mounts
 * @param owners whose the files are shown to be
 * @param soft how long a program waits for a server that does not answer; empty for as long as it takes
 * @param closeLater whether close(2) does not wait for what was written
 * @param options of fusermount3, besides those that are set here
 */
public record FuseSettings(Login login, boolean eachUser, Owners owners, Optional<Duration> soft,
        boolean closeLater, List<String> options) {
    public FuseSettings {
        options = List.copyOf(options);
    }

    /** Where all are the one who mounts, and wait as long as it takes. */
    public static FuseSettings of(Login login, Owners owners) {
        return new FuseSettings(login, false, owners, Optional.empty(), false, List.of());
    }
}
