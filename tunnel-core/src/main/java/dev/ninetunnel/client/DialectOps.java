package dev.ninetunnel.client;

import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Tmessage;
import java.io.IOException;
import java.time.Instant;
import java.util.function.Consumer;

/** What is done to files by fid, in the messages of one dialect. Each waits for the server's reply. */
sealed interface DialectOps permits LinuxVerbs, PlainVerbs {
    /** Attaches and gives the root's fid. */
    Fid attach(Login login) throws IOException;

    /** The request that asks for the status of what a fid stands for. */
    Tmessage askStatus(int fid);

    /** What the reply to that says. */
    FileStatus status(Rmessage reply);

    /** Opens for reading. Returns the server's iounit in bytes, 0 if it leaves that to the msize. */
    int openToRead(Fid fid) throws IOException;

    /** Opens for writing a file that is there, and empties it. Returns the iounit. */
    int openToOverwrite(Fid fid) throws IOException;

    /** Makes a file in the directory that the fid stands for, which stands for the file, open, from then on. */
    int create(Fid directory, Text name, int permissions) throws IOException;

    void makeDirectory(Fid directory, Text name, int permissions) throws IOException;

    void makeLink(Fid directory, Text name, Text target) throws IOException;

    Text readLink(Fid link) throws IOException;

    /** Changes the permissions and the time of the last change. */
    void setAttributes(Fid file, int permissions, Instant modified) throws IOException;

    /** Gives a file, which is called {@code from} in its directory, another place. */
    void rename(Fid file, Place from, Place to) throws IOException;

    /** Reads the next part of an open directory; hands out its entries, but for the dots. */
    DirectoryPart readDirectory(Fid directory, long offset, int count, Consumer<RemoteEntry> entries)
            throws IOException;

    /** A name in a directory. */
    record Place(Fid directory, RemotePath path) {
        Text name() {
            return path.name();
        }
    }

    /** Where reading goes on, and whether there was anything. */
    record DirectoryPart(long next, boolean end) {}

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
