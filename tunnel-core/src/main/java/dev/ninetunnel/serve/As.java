package dev.ninetunnel.serve;

import dev.ninetunnel.fs.Caller;

/** As whom the files of an export are dealt with. All but the user of this endpoint needs an endpoint run by root. */
public sealed interface As {
    /** The user of this endpoint, whoever asks. */
    As SELF = new Self();

    /** See {@link #SELF}. */
    record Self() implements As {}

    /** The user that an attach names, if the rule has it that the far side may act as that one. */
    record Attach(UserRule allowed) implements As {}

    /** This user, whoever asks. */
    record One(Caller.User user) implements As {
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
