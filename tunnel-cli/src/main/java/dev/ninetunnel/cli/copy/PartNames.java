package dev.ninetunnel.cli.copy;

import dev.ninetunnel.client.Login;
import dev.ninetunnel.wire.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.LongPredicate;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a file is called while it is being written: {@code .ninetunnel-PLACE-PROCESS-TIME-CHANCE-FILE.part}, all in hexadecimal, with
 * a checksum of its final name, which may itself be as long as a name can be. So a later run sees whose it is, and of what: that of
 * a process that has gone here is left over, and so is one of another place that is older than a day and rests.
 *
 * @param place stands for this host, the user, and what numbers processes here
 * @param process the number of this one
 * @param alive whether there is a process of this number
 */
public record PartNames(int place, long process, LongPredicate alive, Clock clock, RandomGenerator random) {
    private static final Pattern PART = Pattern
            .compile(
                    "\\.ninetunnel-([0-9a-f]{8})-([0-9a-f]{1,10})-([0-9a-f]{1,10})-[0-9a-f]{8}(?:-([0-9a-f]{16}))?\\.part");
    /** Longer than any clock is wrong. */
    private static final Duration OLD = Duration.ofDays(1);
    private static final int HEX = 16;
    private static final int FILE = 4;
    private static final int MARK_BYTES = 8;

    /** Those of this process. */
    public static PartNames own() {
        return new PartNames(ownPlace(), ProcessHandle.current().pid(),
                number -> ProcessHandle.of(number).isPresent(), Clock.systemUTC(), new Random());
    }

    /** Processes of other users may be hidden (hidepid), those of containers have numbers of their own. */
    private static int ownPlace() {
        return Objects.hash(content(Path.of("/etc/machine-id")), content(Path.of("/proc/sys/kernel/hostname")),
                target(Path.of("/proc/self/ns/pid")), Login.ofThisProcess(Text.EMPTY).uid());
    }

    private static String content(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException _) {
            return "";
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException _) {
            return "";
        }
    }

    /** A name that nobody has, for what is to be called so in the end. */
    public Text next(Text file) {
        return Text.of(String.format(Locale.ROOT, ".ninetunnel-%08x-%x-%x-%08x-%s.part", place, process,
                clock.instant().getEpochSecond(), random.nextInt(), mark(file)));
    }

    /** What stands for the name of a file in the names of its parts. */
    static String mark(Text file) {
        try {
            byte[] sum = MessageDigest.getInstance("SHA-256").digest(file.bytes());
            return HexFormat.of().formatHex(sum, 0, MARK_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** The {@link #mark} of the file that a part is of, if the part says so. */
    static Optional<String> fileOf(Text part) {
        Matcher named = PART.matcher(part.utf8());
        return named.matches() ? Optional.ofNullable(named.group(FILE)) : Optional.empty();
    }

    /** Whether it is the name of a part that is perhaps left over. */
    static boolean isPart(Text name) {
        return PART.matcher(name.utf8()).matches();
    }

    /**
     * Whether a part is left over from a run that has ended.
     *
     * @param modified when it was written to
     */
    boolean isLeftOver(Text name, Instant modified) {
        Matcher part = PART.matcher(name.utf8());
        if (!part.matches()) {
            return false;
        }
        if (Integer.parseUnsignedInt(part.group(1), HEX) == place) {
            return !alive.test(Long.parseLong(part.group(2), HEX));
        }
        Instant before = clock.instant().minus(OLD);
        return Instant.ofEpochSecond(Long.parseLong(part.group(3), HEX)).isBefore(before) && modified.isBefore(before);
    }
}
