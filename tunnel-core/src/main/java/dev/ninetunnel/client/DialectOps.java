package dev.ninetunnel.client;

import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.DirectoryEntry;
import dev.ninetunnel.wire.message.Rgetattr;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rstatfs;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tsetattr;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * What is done to files by fid, in the messages of one dialect. Flags, modes and attributes are Linux's; what the dialect cannot
 * say fails with a {@link RefusedException} of EOPNOTSUPP, EPERM or EXDEV. Any thread; nothing here waits.
 */
public sealed interface DialectOps permits LinuxVerbs, PlainVerbs {
    /** Those of a dialect. */
    static DialectOps of(Dialect dialect, FidCalls calls) {
        return dialect == Dialect.LINUX ? new LinuxVerbs(calls) : new PlainVerbs(calls, dialect);
    }

    /**
     * Whether it is the dialect for Linux, with locks, extended attributes and directories that are read on from any entry.
     */
    boolean tellsAll();

    /** Attaches, and gives the root's fid. */
    CompletableFuture<FidCalls.Walked> attach(Login login);

    /** The request that asks for the status of what a fid stands for. */
    Tmessage askStatus(int fid);

    /** What the reply to that says. */
    FileStatus status(Rmessage reply);

    /** What stat(2) tells of a file. */
    CompletableFuture<Rgetattr> attributes(int fid);

    /** Opens a file, by the access mode and flags of open(2). */
    CompletableFuture<Opened> open(int fid, int flags);

    /** Opens for writing a file that is there, and empties it. */
    CompletableFuture<Opened> openToOverwrite(int fid);

    /**
     * Makes a file in the directory that the fid stands for, which stands for the file, open, from then on.
     *
     * @param gid the group of what is made, in dialects that can say so; here and below
     */
    CompletableFuture<Opened> create(int directory, Text name, int flags, int permissions, int gid);

    CompletableFuture<Void> makeDirectory(int directory, Text name, int permissions, int gid);

    CompletableFuture<Void> makeLink(int directory, Text name, Text target, int gid);

    /** Makes what mknod(2) makes: the mode's format bits say what. */
    CompletableFuture<Void> makeNode(int directory, Text name, int mode, int major, int minor, int gid);

    /** Gives a file a further name. */
    CompletableFuture<Void> link(int directory, Text name, int file);

    CompletableFuture<Text> readLink(int link);

    /** Changes what the change says; its fid is the file's, which may be a directory. */
    CompletableFuture<Void> setAttributes(Tsetattr change, boolean directory);

    /** Gives a file another place, and replaces what is there. */
    CompletableFuture<Void> rename(Place from, Place to, boolean sameDirectory);

    /** Removes an entry; in some dialects of either kind, whatever is said here. */
    CompletableFuture<Void> remove(Place entry, boolean directory);

    /** Has a file's data, and what else is known of it unless {@code dataOnly}, stored for good. */
    CompletableFuture<Void> sync(int fid, boolean dataOnly);

    CompletableFuture<Rstatfs> statfs(int fid);

    /** Reads the next part of an open directory, from 0 or where the last part ended. */
    CompletableFuture<DirectoryPart> readDirectory(int directory, long offset, int count);

    /**
     * A file that was opened or made.
     *
     * @param iounit the most bytes that the server takes at a time; 0 if it leaves that to the msize
     */
    record Opened(Qid qid, int iounit) {}

    /** A name in the directory that a fid stands for. */
    record Place(int directory, Text name) {}

    /**
     * Some entries, where reading goes on, and whether there are no more.
     *
     * @param entries with the dots, in dialects that list them; the offset of each is higher than that of the one before
     */
    record DirectoryPart(List<DirectoryEntry> entries, long next, boolean end) {}

    /**
     * The name of an entry, which has to be one: a server that lists {@code ../x} means harm to a program that copies what it
     * lists.
     */
    static Text checkedName(Text name) throws IOException {
        if (!RemotePath.isName(name)) {
            throw new ConversationException("the server lists an entry \"" + name + "\", which no file can be called");
        }
        return name;
    }
}
