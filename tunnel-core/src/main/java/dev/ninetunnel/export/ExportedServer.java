package dev.ninetunnel.export;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.wire.Text;
import java.util.List;

/** An upstream server that is exported. */
public record ExportedServer(String name, Export.Address address, ExportTerms standing) {
    /**
     * The name by which the server knows what a peer asks for.
     *
     * @param asked what the peer has written behind the export's name, or instead of one; a character a byte
     * @throws FsException ENOENT if it leads out of the part that is offered
     */
    Text aname(String asked) throws FsException {
        List<Text> within = standing.options().within();
        if (within.isEmpty()) {
            return Exported.bytes(asked);
        }
        StringBuilder whole = new StringBuilder();
        within.forEach(element -> whole.append(whole.isEmpty() ? "" : "/").append(Exported.latin(element)));
        for (Text element : Exported.elements(asked)) {
            if (EntryNames.isParent(element)) {
                throw new FsException(Errno.ENOENT);
            }
            whole.append('/').append(Exported.latin(element));
        }
        return Exported.bytes(whole.toString());
    }
}
