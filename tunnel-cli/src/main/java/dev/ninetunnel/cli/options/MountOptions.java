package dev.ninetunnel.cli.options;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What {@code -o} says of a mount without the kernel's client.
 *
 * @param self whether all files are shown as the mounting user's own
 * @param eachUser whether each local user acts as that user at the server
 * @param soft how long programs wait for a server that does not answer; empty for as long as it takes
 * @param closeLater whether close(2) does not wait for what was written
 * @param nonEmpty whether the directory may hold files, which the mount hides
 * @param rest what fusermount3 takes
 */
public record MountOptions(boolean self, boolean eachUser, Optional<Duration> soft, boolean closeLater,
        boolean nonEmpty, List<String> rest) {
    private static final String SOFT = "soft=";
    /** What mount(8) and fstab(5) say, and means nothing here. */
    private static final Set<String> OF_OTHERS = Set.of("rw", "defaults", "auto", "noauto", "nofail", "_netdev", "user",
            "users", "nouser", "owner", "group", "nosuid", "nodev");

    public MountOptions {
        rest = List.copyOf(rest);
    }

    /**
     * Reads a list with commas.
     *
     * @param options null for none
     * @param root whether root mounts: then others use the mount, too, unless modes forbid it, and owners are shown as they are
     * @throws IllegalArgumentException with a message for whoever typed it
     */
    public static MountOptions parse(String options, boolean root) {
        boolean self = !root;
        boolean eachUser = false;
        Optional<Duration> soft = Optional.empty();
        boolean closeLater = false;
        boolean nonEmpty = false;
        List<String> rest = new ArrayList<>(root ? List.of("allow_other", "default_permissions") : List.of());
        for (String option : options == null || options.isEmpty() ? new String[0] : options.split(",")) {
            switch (option) {
                case "ids=self" -> self = true;
                case "ids=remote" -> self = false;
                case "access=user" -> {
                    eachUser = true;
                    self = false;
                }
                case "access=any" -> eachUser = false;
                case "hard" -> soft = Optional.empty();
                case "close=later" -> closeLater = true;
                case "close=wait" -> closeLater = false;
                case "nonempty" -> nonEmpty = true;
                default -> {
                    if (option.startsWith(SOFT)) {
                        soft = Optional.of(seconds(option.substring(SOFT.length())));
                    } else if (!OF_OTHERS.contains(option) && !option.startsWith("x-") && !option.startsWith("comment=")
                            && !rest.contains(option)) {
                        rest.add(option);
                    }
                }
            }
        }
        // The server answers all of them as the one who mounts: who may do what has to be decided here.
        if (rest.contains("allow_other") && !rest.contains("default_permissions")) {
            rest.add("default_permissions");
        }
        return new MountOptions(self, eachUser, soft, closeLater, nonEmpty, rest);
    }

    /** The same, with another time that programs wait. */
    public MountOptions withSoft(Duration limit) {
        return new MountOptions(self, eachUser, Optional.of(limit), closeLater, nonEmpty, rest);
    }

    private static Duration seconds(String text) {
        try {
            int seconds = Integer.parseInt(text);
            if (seconds > 0) {
                return Duration.ofSeconds(seconds);
            }
        } catch (NumberFormatException _) {
            // It is said below.
        }
        throw new IllegalArgumentException("soft=" + text + " is no time: write seconds, such as soft=30");
    }
}
