package dev.ninetunnel.cache.known;

import dev.ninetunnel.wire.Text;
import java.util.LinkedHashSet;
import java.util.List;

/** The names of extended attributes that a client has asked for lately; at first, those that programs on Linux ask for of each file. */
public final class RecentNames {
    private static final int MOST = 16;
    private static final int LONGEST = 255;
    private static final List<String> USUAL = List.of("security.capability", "security.selinux",
            "system.posix_acl_access", "system.posix_acl_default");

    private final LinkedHashSet<Text> names = new LinkedHashSet<>();

    public RecentNames() {
        USUAL.forEach(name -> names.add(Text.of(name)));
    }

    public void add(Text name) {
        if (name.isEmpty() || name.length() > LONGEST) {
            return;
        }
        names.addLast(name);
        if (names.size() > MOST) {
            names.removeFirst();
        }
    }

    /** The latest are the last. */
    public List<Text> names() {
        return List.copyOf(names);
    }
}
