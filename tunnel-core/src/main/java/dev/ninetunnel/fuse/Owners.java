package dev.ninetunnel.fuse;

/**
 * Whose the files are shown to be.
 *
 * @param self whether all of them are the mounting user's, as of an export that acts as one user; else they are shown as the
 *        server tells
 * @param uid the mounting user's number
 * @param gid the mounting user's group
 */
public record Owners(boolean self, int uid, int gid) {
    int uid(int remote) {
        return self ? uid : remote;
    }

    int gid(int remote) {
        return self ? gid : remote;
    }

    /** Whether a change of owner or group would change nothing that is shown. */
    boolean isUnchanged(boolean setsUid, int newUid, boolean setsGid, int newGid) {
        return self && (!setsUid || newUid == uid) && (!setsGid || newGid == gid);
    }
}
