package dev.ninetunnel.wire.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every message as bytes, written by hand from section 5 of the Plan 9 manual, the 9P2000.L description of the diod
 * project and the 9P2000.u draft; those of leases from docs/protocol.md. Each row: the layout by the manual, the message, and its bytes in the same groups,
 * {@code size type tag} first. The tag is 0x0201 but for version.
 */
@DisplayName("golden bytes")
class GoldenBytesTest {
    private static final int TAG = 0x0201;
    /** {@code type[1] version[4] path[8]} of a directory. */
    private static final Qid QID = new Qid(0x80, 0x04030201, 0x0c0b0a0908070605L);
    private static final String QID_HEX = "80 01020304 05060708090a0b0c ";

    record Row(String layout, Object message, String hex) {
        byte[] bytes() {
            return HexFormat.of().parseHex(hex.replace(" ", ""));
        }

        @Override
        public String toString() {
            return layout;
        }
    }

    private static Row row(String layout, Object message, String hex) {
        return new Row(layout, message, hex);
    }

    private static Text text(String s) {
        return Text.of(s);
    }

    // @formatter:off
    static Stream<Row> rows() {
        return Stream.of(plain(), linux(), leases()).flatMap(List::stream);
    }

    private static List<Row> plain() {
        Stat stat = new Stat(0x0102, 0x03040506, QID, 0x800001ed, 0x5f000001, 0x5f000002, 0x0807060504030201L,
                text("nm"), text("u"), text("g"), text("m"), Optional.empty());
        // size[2] type[2] dev[4] qid[13] mode[4] atime[4] mtime[4] length[8] name[s] uid[s] gid[s] muid[s]: 39 + 8 + 5
        String statHex = "3400 0201 06050403 " + QID_HEX + "ed010080 0100005f 0200005f 0102030405060708 "
                + "0200 6e6d 0100 75 0100 67 0100 6d";
        Stat unixStat = new Stat(0, 0, QID, 0x01a4, 0, 0, 0, text("l"), text(""), text(""), text(""),
                Optional.of(new Stat.Unix(text("to"), 1000, 1001, 1002)));
        // ... extension[s] n_uid[4] n_gid[4] n_muid[4]: 39 + 8 + 1 + 4 + 12
        String unixStatHex = "4000 0000 00000000 " + QID_HEX + "a4010000 00000000 00000000 0000000000000000 "
                + "0100 6c 0000 0000 0000 0200 746f e8030000 e9030000 ea030000";
        return List.of(
                row("size[4] Tversion tag[2] msize[4] version[s]",
                    new Tversion(8216, text("9P2000")),
                    "13000000 64 ffff 18200000 0600 395032303030"),
                row("size[4] Rversion tag[2] msize[4] version[s]",
                    new Rversion(8192, text("9P2000.L")),
                    "15000000 65 ffff 00200000 0800 3950323030302e4c"),
                row("size[4] Tauth tag[2] afid[4] uname[s] aname[s]",
                    new Tauth(5, text("glenda"), text("main"), OptionalInt.empty()),
                    "19000000 66 0102 05000000 0600 676c656e6461 0400 6d61696e"),
                row("size[4] Tauth tag[2] afid[4] uname[s] aname[s] n_uname[4]",
                    new Tauth(5, text("g"), text(""), OptionalInt.of(1000)),
                    "14000000 66 0102 05000000 0100 67 0000 e8030000"),
                row("size[4] Rauth tag[2] aqid[13]",
                    new Rauth(new Qid(0x08, 0, 1)),
                    "14000000 67 0102 08 00000000 0100000000000000"),
                row("size[4] Rerror tag[2] ename[s]",
                    new Rerror(text("no"), OptionalInt.empty()),
                    "0b000000 6b 0102 0200 6e6f"),
                row("size[4] Rerror tag[2] ename[s] errno[4]",
                    new Rerror(text("no"), OptionalInt.of(2)),
                    "0f000000 6b 0102 0200 6e6f 02000000"),
                row("size[4] Tflush tag[2] oldtag[2]",
                    new Tflush(0xfffe),
                    "09000000 6c 0102 feff"),
                row("size[4] Rflush tag[2]",
                    new Rflush(),
                    "07000000 6d 0102"),
                row("size[4] Tattach tag[2] fid[4] afid[4] uname[s] aname[s]",
                    new Tattach(0, Frame.NOFID, text("u"), text("/x"), OptionalInt.empty()),
                    "16000000 68 0102 00000000 ffffffff 0100 75 0200 2f78"),
                row("size[4] Tattach tag[2] fid[4] afid[4] uname[s] aname[s] n_uname[4]",
                    new Tattach(1, 2, text("u"), text("/x"), OptionalInt.of(0)),
                    "1a000000 68 0102 01000000 02000000 0100 75 0200 2f78 00000000"),
                row("size[4] Rattach tag[2] qid[13]",
                    new Rattach(QID),
                    "14000000 69 0102 " + QID_HEX),
                row("size[4] Twalk tag[2] fid[4] newfid[4] nwname[2] nwname*(wname[s])",
                    new Twalk(1, 2, List.of(text("usr"), text(".."))),
                    "1a000000 6e 0102 01000000 02000000 0200 0300 757372 0200 2e2e"),
                row("size[4] Twalk tag[2] fid[4] newfid[4] nwname[2]",
                    new Twalk(0x01020304, 0, List.of()),
                    "11000000 6e 0102 04030201 00000000 0000"),
                row("size[4] Rwalk tag[2] nwqid[2] nwqid*(wqid[13])",
                    new Rwalk(List.of(QID, new Qid(0, 1, 2))),
                    "23000000 6f 0102 0200 " + QID_HEX + "00 01000000 0200000000000000"),
                row("size[4] Rwalk tag[2] nwqid[2]",
                    new Rwalk(List.of()),
                    "09000000 6f 0102 0000"),
                row("size[4] Topen tag[2] fid[4] mode[1]",
                    new Topen(3, 0x91),
                    "0c000000 70 0102 03000000 91"),
                row("size[4] Ropen tag[2] qid[13] iounit[4]",
                    new Ropen(QID, 8168),
                    "18000000 71 0102 " + QID_HEX + "e81f0000"),
                row("size[4] Tcreate tag[2] fid[4] name[s] perm[4] mode[1]",
                    new Tcreate(3, text("f"), 0x800001ff, 1, Optional.empty()),
                    "13000000 72 0102 03000000 0100 66 ff010080 01"),
                row("size[4] Tcreate tag[2] fid[4] name[s] perm[4] mode[1] extension[s]",
                    new Tcreate(3, text("f"), 0x020001ff, 0, Optional.of(text("to"))),
                    "17000000 72 0102 03000000 0100 66 ff010002 00 0200 746f"),
                row("size[4] Rcreate tag[2] qid[13] iounit[4]",
                    new Rcreate(QID, 0),
                    "18000000 73 0102 " + QID_HEX + "00000000"),
                row("size[4] Tread tag[2] fid[4] offset[8] count[4]",
                    new Tread(3, 0x0102030405060708L, 65536),
                    "17000000 74 0102 03000000 0807060504030201 00000100"),
                row("size[4] Rread tag[2] count[4] data[count]",
                    new Rread(Unpooled.wrappedBuffer(new byte[]{1, 2, 3})),
                    "0e000000 75 0102 03000000 010203"),
                row("size[4] Twrite tag[2] fid[4] offset[8] count[4] data[count]",
                    new Twrite(3, 16, Unpooled.wrappedBuffer(new byte[]{9, 8})),
                    "19000000 76 0102 03000000 1000000000000000 02000000 0908"),
                row("size[4] Rwrite tag[2] count[4]",
                    new Rwrite(-1),
                    "0b000000 77 0102 ffffffff"),
                row("size[4] Tclunk tag[2] fid[4]",
                    new Tclunk(0x7fffffff),
                    "0b000000 78 0102 ffffff7f"),
                row("size[4] Rclunk tag[2]",
                    new Rclunk(),
                    "07000000 79 0102"),
                row("size[4] Tremove tag[2] fid[4]",
                    new Tremove(4),
                    "0b000000 7a 0102 04000000"),
                row("size[4] Rremove tag[2]",
                    new Rremove(),
                    "07000000 7b 0102"),
                row("size[4] Tstat tag[2] fid[4]",
                    new Tstat(4),
                    "0b000000 7c 0102 04000000"),
                row("size[4] Rstat tag[2] n[2] stat[n]",
                    new Rstat(stat),
                    "3f000000 7d 0102 3600 " + statHex),
                row("size[4] Rstat tag[2] n[2] stat[n], of 9P2000.u",
                    new Rstat(unixStat),
                    "4b000000 7d 0102 4200 " + unixStatHex),
                row("size[4] Twstat tag[2] fid[4] n[2] stat[n]",
                    new Twstat(4, stat),
                    "43000000 7e 0102 04000000 3600 " + statHex),
                row("size[4] Rwstat tag[2]",
                    new Rwstat(),
                    "07000000 7f 0102"));
    }

    private static List<Row> linux() {
        return List.of(
                row("size[4] Rlerror tag[2] ecode[4]",
                    new Rlerror(95),
                    "0b000000 07 0102 5f000000"),
                row("size[4] Tstatfs tag[2] fid[4]",
                    new Tstatfs(4),
                    "0b000000 08 0102 04000000"),
                row("size[4] Rstatfs tag[2] type[4] bsize[4] blocks[8] bfree[8] bavail[8] "
                        + "files[8] ffree[8] fsid[8] namelen[4]",
                    new Rstatfs(0x01021997, 4096, 1, 2, 3, 4, 5, 6, 255),
                    "43000000 09 0102 97190201 00100000 0100000000000000 0200000000000000 0300000000000000 "
                        + "0400000000000000 0500000000000000 0600000000000000 ff000000"),
                row("size[4] Tlopen tag[2] fid[4] flags[4]",
                    new Tlopen(4, 0x8002),
                    "0f000000 0c 0102 04000000 02800000"),
                row("size[4] Rlopen tag[2] qid[13] iounit[4]",
                    new Rlopen(QID, 0),
                    "18000000 0d 0102 " + QID_HEX + "00000000"),
                row("size[4] Tlcreate tag[2] fid[4] name[s] flags[4] mode[4] gid[4]",
                    new Tlcreate(4, text("f"), 0x41, 0x81a4, 1000),
                    "1a000000 0e 0102 04000000 0100 66 41000000 a4810000 e8030000"),
                row("size[4] Rlcreate tag[2] qid[13] iounit[4]",
                    new Rlcreate(QID, 1),
                    "18000000 0f 0102 " + QID_HEX + "01000000"),
                row("size[4] Tsymlink tag[2] fid[4] name[s] symtgt[s] gid[4]",
                    new Tsymlink(4, text("l"), text("to"), 5),
                    "16000000 10 0102 04000000 0100 6c 0200 746f 05000000"),
                row("size[4] Rsymlink tag[2] qid[13]",
                    new Rsymlink(QID),
                    "14000000 11 0102 " + QID_HEX),
                row("size[4] Tmknod tag[2] dfid[4] name[s] mode[4] major[4] minor[4] gid[4]",
                    new Tmknod(4, text("d"), 0x2180, 1, 3, 0),
                    "1e000000 12 0102 04000000 0100 64 80210000 01000000 03000000 00000000"),
                row("size[4] Rmknod tag[2] qid[13]",
                    new Rmknod(QID),
                    "14000000 13 0102 " + QID_HEX),
                row("size[4] Trename tag[2] fid[4] dfid[4] name[s]",
                    new Trename(4, 5, text("n")),
                    "12000000 14 0102 04000000 05000000 0100 6e"),
                row("size[4] Rrename tag[2]",
                    new Rrename(),
                    "07000000 15 0102"),
                row("size[4] Treadlink tag[2] fid[4]",
                    new Treadlink(4),
                    "0b000000 16 0102 04000000"),
                row("size[4] Rreadlink tag[2] target[s]",
                    new Rreadlink(text("to")),
                    "0b000000 17 0102 0200 746f"),
                row("size[4] Tgetattr tag[2] fid[4] request_mask[8]",
                    new Tgetattr(4, 0x7ff),
                    "13000000 18 0102 04000000 ff07000000000000"),
                row("size[4] Rgetattr tag[2] valid[8] qid[13] mode[4] uid[4] gid[4] nlink[8] rdev[8] size[8] "
                        + "blksize[8] blocks[8] "
                        + "atime_sec[8] atime_nsec[8] mtime_sec[8] mtime_nsec[8] ctime_sec[8] ctime_nsec[8] "
                        + "btime_sec[8] btime_nsec[8] gen[8] data_version[8]",
                    new Rgetattr(0x3fff, QID, 0x41ed, 1000, 1001, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15),
                    "a0000000 19 0102 ff3f000000000000 " + QID_HEX + "ed410000 e8030000 e9030000 "
                        + "0100000000000000 0200000000000000 0300000000000000 0400000000000000 0500000000000000 "
                        + "0600000000000000 0700000000000000 0800000000000000 0900000000000000 0a00000000000000 "
                        + "0b00000000000000 0c00000000000000 0d00000000000000 0e00000000000000 0f00000000000000"),
                row("size[4] Tsetattr tag[2] fid[4] valid[4] mode[4] uid[4] gid[4] size[8] atime_sec[8] atime_nsec[8] "
                        + "mtime_sec[8] mtime_nsec[8]",
                    new Tsetattr(4, 0x8, 0x1a4, 1, 2, 3, 4, 5, 6, 7),
                    "43000000 1a 0102 04000000 08000000 a4010000 01000000 02000000 0300000000000000 "
                        + "0400000000000000 0500000000000000 0600000000000000 0700000000000000"),
                row("size[4] Rsetattr tag[2]",
                    new Rsetattr(),
                    "07000000 1b 0102"),
                row("size[4] Txattrwalk tag[2] fid[4] newfid[4] name[s]",
                    new Txattrwalk(4, 5, text("user.a")),
                    "17000000 1e 0102 04000000 05000000 0600 757365722e61"),
                row("size[4] Rxattrwalk tag[2] size[8]",
                    new Rxattrwalk(300),
                    "0f000000 1f 0102 2c01000000000000"),
                row("size[4] Txattrcreate tag[2] fid[4] name[s] attr_size[8] flags[4]",
                    new Txattrcreate(4, text("a"), 3, 1),
                    "1a000000 20 0102 04000000 0100 61 0300000000000000 01000000"),
                row("size[4] Rxattrcreate tag[2]",
                    new Rxattrcreate(),
                    "07000000 21 0102"),
                row("size[4] Treaddir tag[2] fid[4] offset[8] count[4]",
                    new Treaddir(4, 1, 8168),
                    "17000000 28 0102 04000000 0100000000000000 e81f0000"),
                row("size[4] Rreaddir tag[2] count[4] data[count], data: qid[13] offset[8] type[1] name[s]",
                    new Rreaddir(entries(new DirectoryEntry(QID, 1, 4, text(".")),
                            new DirectoryEntry(QID, 2, 8, text("ab")))),
                    "3e000000 29 0102 33000000 " + QID_HEX + "0100000000000000 04 0100 2e "
                        + QID_HEX + "0200000000000000 08 0200 6162"),
                row("size[4] Tfsync tag[2] fid[4] datasync[4]",
                    new Tfsync(4, 1),
                    "0f000000 32 0102 04000000 01000000"),
                row("size[4] Rfsync tag[2]",
                    new Rfsync(),
                    "07000000 33 0102"),
                row("size[4] Tlock tag[2] fid[4] type[1] flags[4] start[8] length[8] proc_id[4] client_id[s]",
                    new Tlock(4, 1, 1, 2, 3, 77, text("h")),
                    "27000000 34 0102 04000000 01 01000000 0200000000000000 0300000000000000 4d000000 0100 68"),
                row("size[4] Rlock tag[2] status[1]",
                    new Rlock(1),
                    "08000000 35 0102 01"),
                row("size[4] Tgetlock tag[2] fid[4] type[1] start[8] length[8] proc_id[4] client_id[s]",
                    new Tgetlock(4, 0, 2, 3, 77, text("h")),
                    "23000000 36 0102 04000000 00 0200000000000000 0300000000000000 4d000000 0100 68"),
                row("size[4] Rgetlock tag[2] type[1] start[8] length[8] proc_id[4] client_id[s]",
                    new Rgetlock(2, 2, 3, 77, text("h")),
                    "1f000000 37 0102 02 0200000000000000 0300000000000000 4d000000 0100 68"),
                row("size[4] Tlink tag[2] dfid[4] fid[4] name[s]",
                    new Tlink(4, 5, text("n")),
                    "12000000 46 0102 04000000 05000000 0100 6e"),
                row("size[4] Rlink tag[2]",
                    new Rlink(),
                    "07000000 47 0102"),
                row("size[4] Tmkdir tag[2] dfid[4] name[s] mode[4] gid[4]",
                    new Tmkdir(4, text("d"), 0x1ed, 5),
                    "16000000 48 0102 04000000 0100 64 ed010000 05000000"),
                row("size[4] Rmkdir tag[2] qid[13]",
                    new Rmkdir(QID),
                    "14000000 49 0102 " + QID_HEX),
                row("size[4] Trenameat tag[2] olddirfid[4] oldname[s] newdirfid[4] newname[s]",
                    new Trenameat(4, text("old"), 5, text("n")),
                    "17000000 4a 0102 04000000 0300 6f6c64 05000000 0100 6e"),
                row("size[4] Rrenameat tag[2]",
                    new Rrenameat(),
                    "07000000 4b 0102"),
                row("size[4] Tunlinkat tag[2] dirfid[4] name[s] flags[4]",
                    new Tunlinkat(4, text("d"), 0x200),
                    "12000000 4c 0102 04000000 0100 64 00020000"),
                row("size[4] Trenameat2 tag[2] olddirfid[4] oldname[s] newdirfid[4] newname[s] flags[4]",
                    new Trenameat2(4, text("old"), 5, text("n"), 2),
                    "1b000000 d2 0102 04000000 0300 6f6c64 05000000 0100 6e 02000000"),
                row("size[4] Rrenameat2 tag[2]",
                    new Rrenameat2(),
                    "07000000 d3 0102"),
                row("size[4] Tfallocate tag[2] fid[4] mode[4] offset[8] length[8]",
                    new Tfallocate(4, 3, 2, 1),
                    "1f000000 d4 0102 04000000 03000000 0200000000000000 0100000000000000"),
                row("size[4] Rfallocate tag[2]",
                    new Rfallocate(),
                    "07000000 d5 0102"),
                row("size[4] Tlseek tag[2] fid[4] offset[8] whence[4]",
                    new Tlseek(4, 2, 3),
                    "17000000 d6 0102 04000000 0200000000000000 03000000"),
                row("size[4] Rlseek tag[2] offset[8]",
                    new Rlseek(2),
                    "0f000000 d7 0102 0200000000000000"),
                row("size[4] Tcopyrange tag[2] fid[4] offset[8] fromfid[4] fromoffset[8] count[4]",
                    new Tcopyrange(4, 2, 5, 3, 9),
                    "23000000 d8 0102 04000000 0200000000000000 05000000 0300000000000000 09000000"),
                row("size[4] Rcopyrange tag[2] count[4]",
                    new Rcopyrange(9),
                    "0b000000 d9 0102 09000000"),
                row("size[4] Ttmpfile tag[2] fid[4] flags[4] mode[4] gid[4]",
                    new Ttmpfile(4, 2, 0x1a4, 5),
                    "17000000 da 0102 04000000 02000000 a4010000 05000000"),
                row("size[4] Rtmpfile tag[2] qid[13] iounit[4]",
                    new Rtmpfile(QID, 0),
                    "18000000 db 0102 " + QID_HEX + " 00000000"),
                row("size[4] Tchecksum tag[2] fid[4] offset[8] count[4]",
                    new Tchecksum(4, 2, 9),
                    "17000000 dc 0102 04000000 0200000000000000 09000000"),
                row("size[4] Rchecksum tag[2] count[4] sum[s]",
                    new Rchecksum(9, text("sum")),
                    "10000000 dd 0102 09000000 0300 73756d"),
                row("size[4] Tput tag[2] fid[4] name[s] temporary[s] flags[4] mode[4] gid[4] mtime_sec[8] mtime_nsec[8] "
                        + "count[4] data[count]",
                    new Tput(4, text("n"), text("old"), 1, 0x1a4, 5, 2, 3, Unpooled.wrappedBuffer(new byte[]{7, 8})),
                    "35000000 de 0102 04000000 0100 6e 0300 6f6c64 01000000 a4010000 05000000 0200000000000000"
                            + " 0300000000000000 02000000 0708"),
                row("size[4] Rput tag[2] qid[13]",
                    new Rput(QID),
                    "14000000 df 0102 " + QID_HEX),
                row("size[4] Runlinkat tag[2]",
                    new Runlinkat(),
                    "07000000 4d 0102"));
    }

    private static List<Row> leases() {
        return List.of(
                row("size[4] Twant tag[2] want[1] type[1] body",
                    new Twant(5, new Tgetattr(4, 0x7ff)),
                    "15000000 c8 0102 05 18 04000000 ff07000000000000"),
                row("size[4] Rgranted tag[2] got[1] lease[8] type[1] body",
                    new Rgranted(1, 0x0807060504030201L, new Rlerror(2)),
                    "15000000 c9 0102 01 0102030405060708 07 02000000"),
                row("size[4] Tbreak tag[2] lease[8] lost[1]",
                    new Tbreak(3, 5),
                    "10000000 ca 0102 0300000000000000 05"),
                row("size[4] Tbreaks tag[2] count[4] leases[count]",
                    Tbreaks.of(new long[]{3, 5}),
                    "1b000000 d0 0102 10000000 0300000000000000 0500000000000000"),
                row("size[4] Rbreaks tag[2]",
                    new Rbreaks(),
                    "07000000 d1 0102"),
                row("size[4] Rbreak tag[2]",
                    new Rbreak(),
                    "07000000 cb 0102"),
                row("size[4] Tbehind tag[2] lease[8] fid[4] offset[8] count[4] data[count]",
                    new Tbehind(3, 4, 5, Unpooled.wrappedBuffer(new byte[]{9, 8})),
                    "21000000 cc 0102 0300000000000000 04000000 0500000000000000 02000000 0908"),
                row("size[4] Rbehind tag[2] count[4]",
                    new Rbehind(2),
                    "0b000000 cd 0102 02000000"),
                row("size[4] Tlist tag[2] fid[4] name[s] offset[8] count[4] data[4] n[2] n*(attr[s])",
                    new Tlist(4, text("d"), 5, 6, 7, List.of(text("xy"))),
                    "24000000 ce 0102 04000000 0100 64 0500000000000000 06000000 07000000 0100 0200 7879"),
                row("size[4] Rlist tag[2] got[1] lease[8] more[1] count[4] entries[count]",
                    new Rlist(3, 4, 1, listed()),
                    "05010000 cf 0102 03 0400000000000000 01 f0000000 "
                    + QID_HEX + " 0500000000000000 08 0100 66 00 0000000000000000 "
                    + QID_HEX + " 0600000000000000 0a 0100 6c 05 0700000000000000 "
                    + "0100000000000000 " + QID_HEX + " 020000000300000004000000" + "0500000000000000".repeat(15)
                    + " 0100 66 01 3d00000000000000 01 02000000 0908"));
    }
    // @formatter:on

    private static ByteBuf listed() {
        ByteBuf data = Unpooled.buffer();
        new ListedEntry(new DirectoryEntry(QID, 5, DirectoryEntry.FILE, text("f")), Optional.empty()).write(data);
        new ListedEntry(new DirectoryEntry(QID, 6, DirectoryEntry.SYMLINK, text("l")),
                Optional.of(new ListedEntry.Known(
                        5, 7, new Rgetattr(1, QID, 2, 3, 4, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5), text("f"),
                        true,
                        List.of(61, 0), Optional.of(Unpooled.wrappedBuffer(new byte[]{9, 8})))))
                .write(data);
        return data;
    }

    private static ByteBuf entries(DirectoryEntry... entries) {
        ByteBuf data = Unpooled.buffer();
        for (DirectoryEntry entry : entries) {
            entry.write(data);
        }
        return data;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    @DisplayName("are written and read as the manual has them:")
    void areWrittenAndReadAsTheManualHasThem(Row row) {
        ByteBuf frame = Unpooled.buffer();
        switch (row.message()) {
            case Tmessage request -> request.write(frame, request instanceof Tversion ? Frame.NOTAG : TAG);
            case Rmessage reply -> reply.write(frame, reply instanceof Rversion ? Frame.NOTAG : TAG);
            default -> throw new IllegalArgumentException("no message: " + row.message());
        }
        assertThat(ByteBufUtil.hexDump(frame)).isEqualTo(HexFormat.of().formatHex(row.bytes()));
        ByteBuf golden = Unpooled.wrappedBuffer(row.bytes());
        Object read = Frame.isRequest(golden) ? Tmessage.read(golden) : Rmessage.read(golden);
        assertThat(read).isEqualTo(row.message());
    }

    @Test
    void thereIsARowForEveryType() {
        Set<MessageType> missing = EnumSet.allOf(MessageType.class);
        rows().forEach(row -> missing.remove(MessageType.withLeases(Unpooled.wrappedBuffer(row.bytes()))));
        assertThat(missing).isEmpty();
    }

    @Test
    @DisplayName("S13 a Tfsync without datasync means 0")
    void tfsyncWithoutDatasync() {
        ByteBuf frame = Unpooled.wrappedBuffer(HexFormat.of().parseHex("0b000000320102" + "04000000"));
        assertThat(Tmessage.read(frame)).isEqualTo(new Tfsync(4, 0));
    }

    @Test
    @DisplayName("every record of a message is named after its type")
    void names() {
        for (Class<?> message : Tmessage.class.getPermittedSubclasses()) {
            assertThat(NamedType.of(message).isRequest()).as(message.getSimpleName()).isTrue();
        }
        for (Class<?> message : Rmessage.class.getPermittedSubclasses()) {
            assertThat(NamedType.of(message).isRequest()).as(message.getSimpleName()).isFalse();
        }
    }
}
