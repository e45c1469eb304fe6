package dev.ninetunnel.fs.synthetic;

import dev.ninetunnel.fs.Caller;
import dev.ninetunnel.fs.FileId;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.Node;
import dev.ninetunnel.fs.NumberedDirectory;
import dev.ninetunnel.fs.OpenFile;
import java.util.List;

/** The entries of a synthetic directory, as they were when it was opened. */
record SyntheticEntries(List<Item> entries, Caller caller) implements NumberedDirectory.Entries {
    @Override
    public int count(boolean first) {
        return entries.size();
    }

    @Override
    public boolean offer(int number, long cookie, OpenFile.Listing listing) throws FsException {
        Item item = entries.get(number);
        return listing.entry(item.nameBytes(), id(item), cookie);
    }

    /** Of a tree that is not to be had just now, the number of the name. */
    private FileId id(Item item) {
        if (item instanceof Item.Mounted m) {
            try (Node top = m.tree().root(caller)) {
                return top.id();
            } catch (FsException _) {
                return m.id();
            }
        }
        return item.id();
    }
}
