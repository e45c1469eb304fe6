package dev.ninetunnel.mux;

import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Stat;
import dev.ninetunnel.wire.message.Tattach;
import dev.ninetunnel.wire.message.Tauth;
import dev.ninetunnel.wire.message.Tchecksum;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tcopyrange;
import dev.ninetunnel.wire.message.Tcreate;
import dev.ninetunnel.wire.message.Tfallocate;
import dev.ninetunnel.wire.message.Tfsync;
import dev.ninetunnel.wire.message.Tgetattr;
import dev.ninetunnel.wire.message.Tgetlock;
import dev.ninetunnel.wire.message.Tlcreate;
import dev.ninetunnel.wire.message.Tlink;
import dev.ninetunnel.wire.message.Tlock;
import dev.ninetunnel.wire.message.Tlopen;
import dev.ninetunnel.wire.message.Tlseek;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tmkdir;
import dev.ninetunnel.wire.message.Tmknod;
import dev.ninetunnel.wire.message.Topen;
import dev.ninetunnel.wire.message.Tput;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Treaddir;
import dev.ninetunnel.wire.message.Treadlink;
import dev.ninetunnel.wire.message.Tremove;
import dev.ninetunnel.wire.message.Trename;
import dev.ninetunnel.wire.message.Trenameat;
import dev.ninetunnel.wire.message.Trenameat2;
import dev.ninetunnel.wire.message.Tsetattr;
import dev.ninetunnel.wire.message.Tstat;
import dev.ninetunnel.wire.message.Tstatfs;
import dev.ninetunnel.wire.message.Tsymlink;
import dev.ninetunnel.wire.message.Ttmpfile;
import dev.ninetunnel.wire.message.Tunlinkat;
import dev.ninetunnel.wire.message.Twalk;
import dev.ninetunnel.wire.message.Twrite;
import dev.ninetunnel.wire.message.Twstat;
import dev.ninetunnel.wire.message.Txattrcreate;
import dev.ninetunnel.wire.message.Txattrwalk;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** One request of each type that names fids. */
final class Samples {
    static final Text NAME = Text.of("name");
    private static final OptionalInt USER = OptionalInt.of(1000);
    private static final Stat STAT = new Stat(0, 0, new Qid(0, 1, 2), 0644, 3, 4, 5, NAME, NAME, NAME, NAME,
            Optional.empty());

    private Samples() {}

    /** With these fids, in the order in which they stand; the second is left out where there is but one. */
    static Tmessage of(MessageType type, int first, int second) {
        return switch (type) {
            case TSTATFS -> new Tstatfs(first);
            case TLOPEN -> new Tlopen(first, 1);
            case TLCREATE -> new Tlcreate(first, NAME, 1, 0644, 3);
            case TSYMLINK -> new Tsymlink(first, NAME, NAME, 3);
            case TMKNOD -> new Tmknod(first, NAME, 1, 2, 3, 4);
            case TRENAME -> new Trename(first, second, NAME);
            case TREADLINK -> new Treadlink(first);
            case TGETATTR -> new Tgetattr(first, 0x7FF);
            case TSETATTR -> new Tsetattr(first, 1, 2, 3, 4, 5, 6, 7, 8, 9);
            case TXATTRWALK -> new Txattrwalk(first, second, NAME);
            case TXATTRCREATE -> new Txattrcreate(first, NAME, 5, 0);
            case TREADDIR -> new Treaddir(first, 8, 9);
            case TFSYNC -> new Tfsync(first, 1);
            case TLOCK -> new Tlock(first, 1, 0, 2, 3, 4, NAME);
            case TGETLOCK -> new Tgetlock(first, 1, 2, 3, 4, NAME);
            case TLINK -> new Tlink(first, second, NAME);
            case TMKDIR -> new Tmkdir(first, NAME, 0755, 3);
            case TRENAMEAT -> new Trenameat(first, NAME, second, NAME);
            case TRENAMEAT2 -> new Trenameat2(first, NAME, second, NAME, 1);
            case TFALLOCATE -> new Tfallocate(first, 1, 2, 3);
            case TLSEEK -> new Tlseek(first, 2, 3);
            case TCOPYRANGE -> new Tcopyrange(first, 2, second, 3, 9);
            case TTMPFILE -> new Ttmpfile(first, 1, 0644, 3);
            case TPUT -> new Tput(first, NAME, NAME, 1, 0644, 3, 4, 5, Bench.bytes(9));
            case TCHECKSUM -> new Tchecksum(first, 2, 9);
            case TUNLINKAT -> new Tunlinkat(first, NAME, 0x200);
            case TAUTH -> new Tauth(first, NAME, NAME, USER);
            case TATTACH -> new Tattach(first, second, NAME, NAME, USER);
            case TWALK -> new Twalk(first, second, List.of(NAME, NAME));
            case TOPEN -> new Topen(first, 1);
            case TCREATE -> new Tcreate(first, NAME, 0644, 1, Optional.empty());
            case TREAD -> new Tread(first, 8, 9);
            case TWRITE -> new Twrite(first, 8, Bench.bytes(9));
            case TCLUNK -> new Tclunk(first);
            case TREMOVE -> new Tremove(first);
            case TSTAT -> new Tstat(first);
            case TWSTAT -> new Twstat(first, STAT);
            default -> throw new IllegalArgumentException(type + " names no fid");
        };
    }
}
