package dev.ninetunnel.cache;

import dev.ninetunnel.wire.Qid;

/** What a name in a directory stands for: nothing, if the qid is null. Fids of one attach that were walked by it share it. */
final class Name {
    final Qid qid;
    /** Of the file, through the attach that asked; null if there is none. */
    Lease lease;
    /** Of a directory: how many names in it are to be asked for one by one before all of it is asked for. */
    int patience = 1;
    /** Of a directory: not to be asked for at once, for it is too large, or the far side does not tell it so. */
    boolean isPiecemeal;
    /** Of a directory, while it is asked for at once; or null. */
    DirectoryLoad load;
    /** Of a file that was made by it: its attributes, while they are on their way; or null. */
    AttributesAlong along;
    /** Where it was found, if it was. */
    LocalFid.Step place;

    Name(Qid qid, Lease lease) {
        this.qid = qid;
        this.lease = lease;
    }
}
