package dev.ninetunnel.model;

import dev.ninetunnel.wire.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Steps of 9P2000 at random, as {@link LinuxSequence} makes those of 9P2000.L. */
final class PlainSequence {
    private static final List<Text> NAMES = List.of(Text.of("a"), Text.of("b"), Text.of("c"), Text.of("d"));
    private static final List<Text> ODD_NAMES = List.of(Text.EMPTY, Text.of("."), Text.of(".."), Text.of("a/b"),
            Text.of("..."), Text.of(new byte[]{(byte) 0xff}), Text.of("n".repeat(255)), Text.of("n".repeat(256)));
    private static final int[] PERMISSIONS = {0644, 0666, 0777, 0600, 0, 0755, 0222};
    private static final long[] LENGTHS = {0, 1, 100, 4096, 1L << 33, Long.MAX_VALUE, -2, -1};
    private static final long[] OFFSETS = {0, 0, 1, 4095, 10_000, 1L << 32, Long.MAX_VALUE, -1};
    private static final int[] COUNTS = {0, 1, 7, 4096, 60_000};
    private static final int[] TIMES = {0, 1, 1_000_000_000, -2, Integer.MIN_VALUE};
    private static final int LENGTH = 35;

    private final Random random;
    private final List<Step> steps = new ArrayList<>();

    private PlainSequence(long seed) {
        this.random = new Random(seed);
    }

    static List<Step> of(long seed) {
        PlainSequence sequence = new PlainSequence(seed);
        for (int i = 0; i < LENGTH; i++) {
            sequence.steps.add(sequence.step(i));
        }
        return sequence.steps;
    }

    private Step step(int done) {
        if (done < Disk.SLOTS - 1) {
            return new FidStep.Walk(0, done + 1, List.of());
        }
        return switch (random.nextInt(16)) {
            case 0, 1, 2 -> new FidStep.Walk(fid(), random.nextInt(Disk.SLOTS), names());
            case 3 -> new PlainStep.Open(fid(), random.nextInt(3) | (chance(20) ? PlainStep.TRUNCATE : 0));
            case 4, 5, 6 -> create();
            case 7 -> new PlainStep.Look(fid());
            case 8 -> new PlainStep.Read(new FidStep.Read(fid(), one(OFFSETS), one(COUNTS)));
            case 9, 10 -> new FidStep.Write(fid(), one(OFFSETS), one(COUNTS), random.nextInt());
            case 11 -> new PlainStep.Rename(fid(), name());
            case 12 -> new PlainStep.Resize(fid(), one(LENGTHS));
            case 13 -> new PlainStep.Change(fid(), one(PERMISSIONS), one(TIMES));
            case 14 -> new FidStep.Clunk(1 + random.nextInt(Disk.SLOTS - 1));
            default -> new FidStep.Remove(1 + random.nextInt(Disk.SLOTS - 1));
        };
    }

    private Step create() {
        boolean directory = chance(40);
        return new PlainStep.Create(fid(), name(), one(PERMISSIONS) | (directory ? PlainStep.DIRECTORY : 0),
                directory ? 0 : random.nextInt(3));
    }

    private int fid() {
        return random.nextInt(Disk.SLOTS);
    }

    private List<Text> names() {
        List<Text> names = new ArrayList<>();
        for (int i = 0; i < 3 && chance(60); i++) {
            names.add(chance(20) ? Text.of("..") : name());
        }
        return names;
    }

    private Text name() {
        List<Text> some = chance(5) ? ODD_NAMES : NAMES;
        return some.get(random.nextInt(some.size()));
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private int one(int[] some) {
        return some[random.nextInt(some.length)];
    }

    private long one(long[] some) {
        return some[random.nextInt(some.length)];
    }
}
