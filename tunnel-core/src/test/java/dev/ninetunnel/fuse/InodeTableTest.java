package dev.ninetunnel.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ninetunnel.fuse.Inode.Place;
import dev.ninetunnel.fuse.kernel.FuseException;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rgetattr;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which files are the same to the kernel, and by which names they are found again. */
class InodeTableTest {
    private final List<Inode> forgotten = new ArrayList<>();
    private final InodeTable table = new InodeTable(new Qid(Qid.DIRECTORY, 0, 1), forgotten::add);
    private final Inode root = table.root();

    private Inode found(Inode directory, String name, Rgetattr attributes) {
        return table.found(directory, Text.of(name), attributes);
    }

    private static Rgetattr file(long path, long links) {
        return attributes(new Qid(Qid.FILE, 0, path), 0100644, links);
    }

    private static Rgetattr directory(long path) {
        return attributes(new Qid(Qid.DIRECTORY, 0, path), 0040755, 2);
    }

    private static Rgetattr attributes(Qid qid, int mode, long links) {
        return new Rgetattr(0x7ff, qid, mode, 0, 0, links, 0, 0, 4096, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    private static Place place(Inode directory, String name) {
        return new Place(directory, Text.of(name));
    }

    @Test
    void aFileIsTheSameByItsNameAndAllItsNames() {
        Inode file = found(root, "a", file(7, 1));
        assertThat(found(root, "a", file(7, 1))).isSameAs(file);
        assertThat(found(root, "b", file(7, 2))).isSameAs(file);
        assertThat(found(root, "a", file(7, 1))).as("one name is left").isSameAs(file);
    }

    /** As after a program of the server's host has moved a directory away and back, and both have been seen. */
    @Test
    void whatIsBackWhereItWasIsTheSameAsBefore() {
        Inode directory = found(root, "d", directory(8));
        Inode file = found(directory, "f", file(7, 1));
        found(found(root, "x", directory(8)), "f", file(7, 1));
        assertThat(found(root, "d", directory(8))).isSameAs(directory);
        assertThat(found(directory, "f", file(7, 1))).isSameAs(file);
        assertThat(file.names()).containsExactly(Text.of("d"), Text.of("f"));
    }

    /** A server of several disks may give files of all of them the numbers that they have there. */
    @Test
    void filesOfOneQidPathAreDifferentByTheirNames() {
        Inode one = found(root, "a", file(7, 1));
        assertThat(found(root, "b", file(7, 1))).isNotSameAs(one);
        Inode disk = found(root, "disk", directory(9));
        assertThat(found(disk, "mounted", directory(9))).isNotSameAs(disk);
        assertThat(found(root, "a", directory(7))).as("of another kind").isNotSameAs(one);
    }

    @Test
    void namesFollowWhatIsRenamedAndRemoved() {
        Inode directory = found(root, "d", directory(8));
        Inode file = found(directory, "f", file(7, 1));
        assertThat(file.names()).containsExactly(Text.of("d"), Text.of("f"));
        table.renamed(place(root, "d"), place(root, "e"));
        assertThat(file.names()).containsExactly(Text.of("e"), Text.of("f"));
        Inode other = found(root, "o", file(6, 1));
        table.exchanged(place(directory, "f"), place(root, "o"));
        assertThat(file.names()).containsExactly(Text.of("o"));
        assertThat(other.names()).containsExactly(Text.of("e"), Text.of("f"));
        table.renamed(place(root, "o"), place(directory, "f"));
        assertThat(other.names()).as("replaced").isEmpty();
        table.removed(place(directory, "f"));
        assertThat(file.names()).isEmpty();
    }

    @Test
    void aFileIsForgottenWithTheLastAnswerThatNamedIt() {
        Inode file = found(root, "a", file(7, 1));
        found(root, "a", file(7, 1));
        table.forget(file.number(), 1);
        assertThat(table.get(file.number())).isSameAs(file);
        table.forget(file.number(), 1);
        assertThat(forgotten).containsExactly(file);
        assertThatThrownBy(() -> table.get(file.number())).isInstanceOf(FuseException.class);
        assertThat(found(root, "a", file(7, 1)).number()).isNotEqualTo(file.number());
    }
}
