package dev.ninetunnel.export;

import dev.ninetunnel.fs.Caller;

/** As whom the files of an export are dealt with. All but the user of this endpoint needs an endpoint run by root. */
public sealed interface RunAsRule {
    /** The user of this endpoint, for all peers. */
    RunAsRule SELF = new Self();

    /** See {@link #SELF}. */
    record Self() implements RunAsRule {}

    /** The user that an attach names, if the rule has it that the far side may act as that one. */
    record Attach(UserRule allowed) implements RunAsRule {}

    /** This user, for all peers. */
    record One(Caller.User user) implements RunAsRule {
        /**
         * By name or number.
         *
         * @throws IllegalArgumentException with a message for people, if there is no such user
         */
        public static One of(String user) {
            return new One(UserList.user(user));
        }
    }
}
