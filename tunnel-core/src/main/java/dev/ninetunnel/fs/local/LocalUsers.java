package dev.ninetunnel.fs.local;

import dev.ninetunnel.fs.Caller;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.linux.Linux;
import dev.ninetunnel.linux.ProcessCalls;
import java.util.List;
import java.util.Optional;

/**
 * The users of this machine as whom files can be dealt with; where that is not possible, there are none. A call may wait
 * for a directory service. Any thread.
 */
public final class LocalUsers {
    /** {@code nogroup}, and the number that Linux shows for what has no other. */
    private static final int NO_GROUP = 65534;

    /**
     * The user of this name, with all groups; empty if there is none.
     *
     * @throws FsException if that cannot be told now
     */
    public Optional<Caller.User> named(byte[] name) throws FsException {
        return Linux.available() ? Accounts.named(name) : Optional.empty();
    }

    /**
     * The user of this number; without an account of that number one who is in no group but {@code nogroup}, as nothing
     * says more.
     *
     * @throws FsException if that cannot be told now
     */
    public Caller.User numbered(int uid) throws FsException {
        Caller.User nobody = new Caller.User(uid, NO_GROUP, List.of());
        return Linux.available() ? Accounts.numbered(uid).orElse(nobody) : nobody;
    }

    /** Whether this process runs as that user. */
    public boolean isOwn(int uid) {
        return Linux.available() && ProcessCalls.uid() == uid;
    }
}
