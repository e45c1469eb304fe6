package dev.ninetunnel.fuse;

import dev.ninetunnel.client.Login;
import dev.ninetunnel.wire.Text;

/**
 * As whom requests of programs are done at the server.
 *
 * @param mounting who mounts
 * @param each whether each local user attaches as that user, as with the kernel client's {@code access=user}; else all of them are
 *        the one who mounts
 */
record Users(Login mounting, boolean each) {
    /** The number of the user as whom a local user's requests are done. */
    int of(int uid) {
        return each ? uid : mounting.uid();
    }

    /** How such a user attaches: of others than the one who mounts only the number is told, as the kernel's client does. */
    Login login(int user) {
        return user == mounting.uid() ? mounting : new Login(Text.EMPTY, user, mounting.gid(), mounting.aname());
    }
}
