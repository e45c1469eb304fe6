package dev.ninetunnel.model;

import dev.ninetunnel.wire.Text;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Steps of 9P2000.L at random, the same for a seed each time. A few names, fids and sizes come again and again, so that
 * steps meet; now and then there is one that hardly makes sense.
 */
final class LinuxSequence {
    private static final List<Text> NAMES = List.of(Text.of("a"), Text.of("b"), Text.of("c"), Text.of("d"));
    private static final List<Text> ODD_NAMES = List.of(Text.EMPTY, Text.of("."), Text.of(".."), Text.of("a/b"),
            Text.of("a\0b"), Text.of("/"), Text.of("..."), Text.of(".a"), Text.of(new byte[]{(byte) 0xff, (byte) 0xfe}),
            Text.of("n".repeat(255)), Text.of("n".repeat(256)), Text.of("a\n b"));
    private static final List<Text> TARGETS = List.of(Text.of("a"), Text.of("../../.."), Text.of("/etc/passwd"),
            Text.EMPTY, Text.of("x".repeat(4095)), Text.of("x".repeat(4096)), Text.of(new byte[]{(byte) 0xe9}));
    private static final List<Text> ATTRIBUTES = List.of(Text.of("user.a"), Text.of("user.b"), Text.of("trusted.t"),
            Text.of("bogus.x"), Text.of("user." + "n".repeat(250)), Text.of("user." + "n".repeat(251)), Text.EMPTY);
    private static final int[] MODES = {0644, 0600, 0777, 0444, 0, 04755, 02755, 01777, 0222};
    private static final int[] OPEN_FLAGS = {01000, 02000, 0200000, 010000, 04010000, 01000 | 02000};
    private static final int[] STRANGE_FLAGS = {0100000, 02000000, 0400, 0x4000_0000, 040000, 04000};
    private static final long[] OFFSETS = {0, 0, 0, 1, 5, 4095, 4096, 10_001, 65_536, 100_000, (1L << 31) - 1,
            (1L << 32) + 5, 1L << 43, 1L << 44, Long.MAX_VALUE - 1, Long.MAX_VALUE, -1, Long.MIN_VALUE};
    private static final int[] COUNTS = {0, 1, 2, 7, 100, 4096, 4097, 60_000};
    private static final long[] TIMES = {0, 1, 1_000_000_000, -1, -1_000_000_000, Integer.MIN_VALUE, 1L << 32, 1L << 33,
            1L << 40, Long.MAX_VALUE, Long.MIN_VALUE};
    private static final long[] NANOS = {0, 1, 999_999_999, 123_456_789};
    private static final int LONGEST = 40;

    private final Random random;
    private final List<Step> steps = new ArrayList<>();
    /** Which fids most likely stand for something. */
    private final boolean[] bound = new boolean[Disk.SLOTS];

    private LinuxSequence(long seed) {
        this.random = new Random(seed);
        bound[0] = true;
    }

    static List<Step> of(long seed) {
        LinuxSequence sequence = new LinuxSequence(seed);
        int length = 10 + sequence.random.nextInt(LONGEST - 10);
        sequence.begin();
        for (int i = 0; i < length; i++) {
            sequence.add();
        }
        return sequence.steps;
    }

    /** Some things to meet. */
    private void begin() {
        steps.add(new LinuxStep.MakeDirectory(0, name(), 0755));
        if (chance(60)) {
            walk(0, 1, List.of());
            steps.add(new LinuxStep.Create(1, name(), 2, mode()));
        }
        if (chance(30)) {
            walk(1, 3, List.of());
            steps.add(new LinuxStep.Open(3, random.nextInt(3), 0));
        }
        if (chance(30)) {
            steps.add(new LinuxStep.MakeSymlink(0, name(), target()));
        }
        if (chance(60)) {
            walk(0, 2, List.of(name()));
        }
    }

    private void walk(int from, int to, List<Text> names) {
        steps.add(new FidStep.Walk(from, to, names));
        bound[to] = true;
    }

    private void add() {
        switch (random.nextInt(33)) {
            case 0, 1, 2, 3 -> walk(fid(), free(), names());
            case 4 -> walkOn();
            case 5, 6 -> steps.add(new LinuxStep.Open(fid(), flags(), chance(20) ? one(STRANGE_FLAGS) : 0));
            case 7, 8 -> steps.add(new LinuxStep.Create(fid(), name(), flags() | (chance(20) ? 0200 : 0), mode()));
            case 9 -> steps.add(new LinuxStep.MakeDirectory(fid(), name(), mode()));
            case 10 -> steps.add(new LinuxStep.MakeSymlink(fid(), name(), target()));
            case 11 -> steps.add(node());
            case 12 -> steps.add(new LinuxStep.Link(fid(), fid(), name()));
            case 13 -> steps.add(new LinuxStep.Rename(fid(), fid(), name()));
            case 14, 15 -> steps.add(new LinuxStep.RenameAt(fid(), name(), fid(), name()));
            case 16, 17 -> steps.add(new LinuxStep.UnlinkAt(fid(), name(),
                    chance(5) ? random.nextInt() : chance(50) ? 0x200 : 0));
            case 18 -> steps.add(new LinuxStep.ReadLink(fid()));
            case 19 -> steps.add(new LinuxStep.Listing(fid(), 300 + random.nextInt(3000)));
            case 20 -> steps.add(chance(70)
                    ? new LinuxStep.Sync(fid(), random.nextInt(2))
                    : new LinuxStep.Space(fid()));
            case 21 -> end(chance(50));
            case 22 -> steps.add(new FidStep.Read(fid(), offset(), one(COUNTS)));
            case 23 -> steps.add(write());
            case 24 -> steps.add(new LinuxAttributeStep.WriteAndLook(write()));
            case 25, 26 -> steps.add(chance(80)
                    ? new LinuxAttributeStep.Get(fid())
                    : new LinuxAttributeStep.Same(fid(), fid()));
            case 27, 28 -> steps.add(change());
            case 29, 30, 31 -> steps.add(lock());
            default -> steps.add(chance(50)
                    ? new LinuxAttributeStep.GetExtended(fid(), one(ATTRIBUTES))
                    : new LinuxAttributeStep.SetExtended(fid(), one(ATTRIBUTES), one(COUNTS),
                            chance(5) ? 3 : random.nextInt(3)));
        }
    }

    private void walkOn() {
        int fid = 1 + random.nextInt(Disk.SLOTS - 1);
        steps.add(new FidStep.Walk(fid, fid, names()));
    }

    private void end(boolean remove) {
        int fid = 1 + random.nextInt(Disk.SLOTS - 1);
        steps.add(remove ? new FidStep.Remove(fid) : new FidStep.Clunk(fid));
        bound[fid] = false;
    }

    private Step node() {
        int kind = random.nextInt(20);
        int bits = switch (kind) {
            case 0 -> 0040000;
            case 1, 2, 3 -> 0020000;
            case 4, 5, 6, 7 -> 0100000;
            case 8 -> 0140000;
            default -> 0010000;
        };
        return new LinuxStep.MakeNode(fid(), name(), bits | mode(), 1, 3);
    }

    private FidStep.Write write() {
        return new FidStep.Write(fid(), offset(), one(COUNTS), random.nextInt());
    }

    private Step lock() {
        int fid = fid();
        int type = chance(2) ? 3 : random.nextInt(3);
        long start = chance(5) ? offset() : random.nextInt(8);
        long length = chance(5) ? offset() : random.nextInt(4);
        return chance(75) ? new LockStep.Lock(fid, type, start, length) : new LockStep.Ask(fid, type, start, length);
    }

    private Step change() {
        int valid = random.nextInt(0x200);
        if ((valid & 8) != 0 && chance(50)) {
            valid = 8;
        }
        return new LinuxAttributeStep.Set(fid(), valid, mode(), one(new int[]{0, 1, 77, -2}),
                one(new int[]{0, 1, 88, -2}), offset(), one(TIMES), one(NANOS), one(TIMES), one(NANOS));
    }

    /** Likely one that stands for something. */
    private int fid() {
        int fid = random.nextInt(Disk.SLOTS);
        for (int i = 0; i < 4 && !bound[fid]; i++) {
            fid = random.nextInt(Disk.SLOTS);
        }
        return fid;
    }

    /** Likely one that stands for nothing. */
    private int free() {
        int fid = 1 + random.nextInt(Disk.SLOTS - 1);
        for (int i = 0; i < 3 && bound[fid]; i++) {
            fid = 1 + random.nextInt(Disk.SLOTS - 1);
        }
        return fid;
    }

    private List<Text> names() {
        if (chance(1)) {
            return Collections.nCopies(16 + random.nextInt(2), Text.of(".."));
        }
        List<Text> names = new ArrayList<>();
        for (int i = 0; i < 4 && chance(60); i++) {
            names.add(chance(20) ? Text.of("..") : name());
        }
        return names;
    }

    private Text name() {
        return chance(7) ? one(ODD_NAMES) : one(NAMES);
    }

    private Text target() {
        return one(TARGETS);
    }

    private int mode() {
        return one(MODES);
    }

    private int flags() {
        int access = chance(3) ? 3 : random.nextInt(3);
        return access | (chance(25) ? one(OPEN_FLAGS) : 0);
    }

    private long offset() {
        return OFFSETS[random.nextInt(OFFSETS.length)];
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private <T> T one(List<T> some) {
        return some.get(random.nextInt(some.size()));
    }

    private int one(int[] some) {
        return some[random.nextInt(some.length)];
    }

    private long one(long[] some) {
        return some[random.nextInt(some.length)];
    }
}
