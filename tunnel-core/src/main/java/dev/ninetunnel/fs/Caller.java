package dev.ninetunnel.fs;

import java.util.List;

/** As whom a tree is used. */
public sealed interface Caller {
    /** The user who runs this process. */
    Caller SELF = new Self();

    /** See {@link #SELF}. */
    record Self() implements Caller {}

    /** A user of this machine, by number; only a process of root can act as another. */
    record User(int uid, int gid, List<Integer> groups) implements Caller {
        public User {
            groups = List.copyOf(groups);
        }
    }
}
