package dev.ninetunnel.cli.process;

import dev.ninetunnel.cli.Failure;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where a user's files are by default, as the XDG Base Directory Specification has it: what the environment says comes first,
 * and the entry of the user in the system's list after it. Paths there that are not absolute count for nothing.
 *
 * @param environment as of {@link System#getenv()}
 * @param entry the home of the user's entry, or {@code ?} where there is none, as {@code user.home} has it
 */
public record UserPlaces(Map<String, String> environment, String entry) {
    private static final String NONE = "?";

    /** Those of the user who runs this. */
    public static UserPlaces own() {
        return new UserPlaces(System.getenv(), System.getProperty("user.home", NONE));
    }

    /** The user's home. */
    public Path home() {
        return absolute("HOME").or(this::entered).orElseThrow(() -> new Failure(Failure.CONFIG,
                "this user has no home: HOME is not set, and the system has no entry for the user. Set HOME or "
                        + "XDG_CONFIG_HOME, or say with --home where the key and the list of peers are"));
    }

    /** Where settings are. */
    public Path settings() {
        return absolute("XDG_CONFIG_HOME").orElseGet(() -> home().resolve(".config"));
    }

    /** Where sockets are, for as long as the user is logged in. */
    public Optional<Path> runtime() {
        return absolute("XDG_RUNTIME_DIR");
    }

    private Optional<Path> entered() {
        return Optional.of(entry).filter(e -> !e.equals(NONE)).map(Path::of).filter(Path::isAbsolute);
    }

    private Optional<Path> absolute(String name) {
        return Optional.ofNullable(environment.get(name)).map(Path::of).filter(Path::isAbsolute);
    }
}
