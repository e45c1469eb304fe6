package dev.ninetunnel.identity;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The peers that this endpoint trusts: the file {@code peers} in its home folder.
 *
 * <pre>
 *   # one line a peer
 *   PEER-ID NAME
 * </pre>
 *
 * <p>Blank lines and what follows a {@code #} are skipped; names and ids occur once. The file is read again whenever it
 * has changed, so that trust given or withdrawn while an endpoint runs holds for its next connection. Any thread may
 * call; a lookup costs one look at the file's attributes.
 */
public final class PeerFile implements Peers {
    /** The name of the file, in the home folder. */
    public static final String FILE = "peers";

    /** More than 100,000 lines have. */
    private static final int MOST_BYTES = 16 << 20;

    private final Path file;
    private final WatchedFile<List<Peer>> peers;

    /** The book in a home folder, where it need not exist yet. */
    public PeerFile(Path home) {
        this.file = home.resolve(FILE);
        this.peers = new WatchedFile<>(file, List.of(), PeerFile::read);
    }

    /** Where it is kept. */
    public Path file() {
        return file;
    }

    /**
     * All of them, in the order of the file.
     *
     * @throws IdentityException if the file cannot be read, or has a line that is broken: the message says which
     */
    @Override
    public List<Peer> list() throws IdentityException {
        try {
            return peers.current();
        } catch (IOException e) {
            throw new IdentityException("cannot read the list of peers " + file + ": " + SmallFile.why(e), e);
        }
    }

    /**
     * Adds a peer, in one step, to the file. To add one that is there already, under the same name, changes nothing.
     *
     * @throws IdentityException if its name stands for another key, its key has another name, or the file cannot be
     *     written
     */
    public void add(Peer added) throws IdentityException {
        put(added, false);
    }

    /**
     * The same; where it is to replace, the name may stand for another key before, which is trusted no more then.
     *
     * @throws IdentityException as {@link #add}
     */
    public void put(Peer added, boolean replacing) throws IdentityException {
        try {
            OwnFiles.change(file, () -> {
                if (replacing && byId(added.id()).isEmpty() && byName(added.name()).isPresent()) {
                    OwnFiles.replace(file, PeerFileFormat.replaced(SmallFile.text(file, MOST_BYTES), added));
                } else if (isNew(added)) {
                    OwnFiles.replace(file, withLine(added.id() + " " + added.name()));
                }
                return null;
            });
        } catch (IOException e) {
            throw new IdentityException("cannot write the list of peers " + file + ": " + OwnFiles.why(e), e);
        }
    }

    /**
     * Takes a peer out of the file, in one step, with all of its line.
     *
     * @param nameOrId as the file has it
     * @return the peer
     * @throws IdentityException if there is none, or the file cannot be written
     */
    public Peer remove(String nameOrId) throws IdentityException {
        try {
            return OwnFiles.change(file, () -> {
                Peer peer = list().stream()
                        .filter(one -> one.name().equals(nameOrId) || one.id().toString().equals(nameOrId)).findFirst()
                        .orElseThrow(
                                () -> new IdentityException("no peer '" + PeerId.printable(nameOrId) + "' is in " + file
                                        + ": 'ninetunnel peers' lists them"));
                OwnFiles.replace(file, PeerFileFormat.without(SmallFile.text(file, MOST_BYTES), peer));
                return peer;
            });
        } catch (IOException e) {
            throw new IdentityException("cannot write the list of peers " + file + ": " + OwnFiles.why(e), e);
        }
    }

    private boolean isNew(Peer added) throws IdentityException {
        Optional<Peer> sameName = byName(added.name());
        if (sameName.isPresent() && !sameName.get().id().equals(added.id())) {
            throw new IdentityException("the name " + added.name() + " stands for another key already: "
                    + sameName.get().id() + ". If that peer has a new key, remove its line from " + file
                    + " first; otherwise choose another name");
        }
        Optional<Peer> sameKey = byId(added.id());
        if (sameKey.isPresent() && !sameKey.get().name().equals(added.name())) {
            throw new IdentityException("this key is trusted already, under the name " + sameKey.get().name()
                    + ". To rename the peer, change its line in " + file);
        }
        return sameName.isEmpty();
    }

    private String withLine(String line) throws IOException {
        String before = "";
        try {
            before = SmallFile.text(file, MOST_BYTES);
        } catch (NoSuchFileException e) {
            // the first peer
        }
        return before + (before.isEmpty() || before.endsWith("\n") ? "" : "\n") + line + "\n";
    }

    private static List<Peer> read(Path file) throws IOException, IdentityException {
        byte[] bytes = SmallFile.bytes(file, MOST_BYTES);
        if (SmallFile.changeableByOthers(file)) {
            throw new IdentityException("the list of peers " + file
                    + " can be changed by other users of this host, so "
                    + "it may not say any more whom its owner trusts. Look through it, and close it:  chmod go-w "
                    + file);
        }
        return PeerFileFormat.parse(file, new String(bytes, StandardCharsets.UTF_8));
    }
}
