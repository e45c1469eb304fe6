package dev.ninetunnel.cli.options;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What {@code -o} says of a mount without the kernel's client.
 *
 * @param self whether all files are shown as the mounting user's own
 * @param nonEmpty whether the directory may hold files, which the mount hides
 * @param rest what fusermount3 takes
 */
public record MountOptions(boolean self, boolean nonEmpty, List<String> rest) {
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
     */
    public static MountOptions parse(String options, boolean root) {
        boolean self = !root;
        boolean nonEmpty = false;
        List<String> rest = new ArrayList<>(root ? List.of("allow_other", "default_permissions") : List.of());
        for (String option : options == null || options.isEmpty() ? new String[0] : options.split(",")) {
            switch (option) {
                case "ids=self" -> self = true;
                case "ids=remote" -> self = false;
                case "nonempty" -> nonEmpty = true;
                default -> {
                    if (!OF_OTHERS.contains(option) && !option.startsWith("x-") && !option.startsWith("comment=")
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
        return new MountOptions(self, nonEmpty, rest);
    }
}
