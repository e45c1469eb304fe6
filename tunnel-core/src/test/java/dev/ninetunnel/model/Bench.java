package dev.ninetunnel.model;

import dev.ninetunnel.client.NineClient;
import dev.ninetunnel.testing.Libc;
import dev.ninetunnel.wire.Text;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Does sequences of steps over 9P and to the local disk, and compares. Several go side by side, a step of each at a
 * time, each with directories and fids of its own, so that the way there and back is shared. For one thread.
 */
final class Bench {
    /** Nothing that works takes it. */
    private static final int PATIENCE_SECONDS = 120;

    private final NineClient client;
    private final Path served;
    private final Path local;
    private final Libc libc;
    private final OptionalInt uid;
    private int next;

    /**
     * Of a client of the directory that is served.
     *
     * @param local where the same is done without 9P, on the same file system
     * @param uid the user's number for attaching in 9P2000.L; none for 9P2000
     */
    Bench(NineClient client, Path served, Path local, Libc libc, OptionalInt uid) {
        this.client = client;
        this.served = served;
        this.local = local;
        this.libc = libc;
        this.uid = uid;
    }

    /** Where what came over 9P was not what the disk says. */
    record Difference(List<Step> steps, int at, String came, String expected) {
        /** The steps up to where it was seen, which is behind the last one for what the trees hold. */
        List<Step> shown() {
            return steps.subList(0, Math.min(at + 1, steps.size()));
        }

        @Override
        public String toString() {
            StringBuilder told = new StringBuilder();
            for (Step step : shown()) {
                told.append("\n  ").append(step);
            }
            return told.append("\n  came:     ").append(came).append("\n  expected: ").append(expected).toString();
        }
    }

    /** One sequence under way. */
    private final class Run {
        private final List<Step> steps;
        private final Wire wire;
        private final Disk disk;
        private final Path here;
        private final Path there;
        private Difference difference;
        private CompletableFuture<String> answer;
        private String expected;

        Run(List<Step> steps, int place) throws IOException {
            String name = "run" + next++;
            this.steps = steps;
            this.there = Files.createDirectory(served.resolve(name));
            this.here = Files.createDirectory(local.resolve(name));
            this.wire = new Wire(client, place * Wire.FIDS);
            this.disk = new Disk(libc, Text.of(here.toString()).bytes());
            this.answer = wire.attach(served.getFileName() + "/" + name, uid);
            this.expected = "";
        }

        boolean goesOn(int step) {
            return difference == null && step < steps.size();
        }

        void start(int step) {
            answer = steps.get(step).ask(wire);
        }

        void doLocally(int step) {
            try {
                expected = steps.get(step).expect(disk);
            } catch (Refused e) {
                expected = e.getMessage();
            }
        }

        void compare(int step) {
            String came = await(answer);
            if (!came.equals(expected)) {
                difference = new Difference(steps, step, came, expected);
            }
        }

        /** Whatever the steps did not ask for. */
        void compareTrees() {
            if (difference == null) {
                String came = new Tree(libc, there).toString();
                expected = new Tree(libc, here).toString();
                if (!came.equals(expected)) {
                    difference = new Difference(steps, steps.size(), came, expected);
                }
            }
        }

        void end() throws IOException {
            compareTrees();
            List<CompletableFuture<String>> all = new ArrayList<>();
            for (int i = 0; i < Wire.FIDS; i++) {
                all.add(wire.clunk(i));
            }
            disk.close();
            delete(here);
            all.forEach(Bench::await);
            delete(there);
        }
    }

    private static String await(CompletableFuture<String> answer) {
        try {
            return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            return "failed: " + e.getCause();
        } catch (TimeoutException e) {
            return "no answer";
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The first difference of each sequence that has one. */
    List<Difference> compare(List<List<Step>> sequences) throws IOException {
        List<Run> runs = new ArrayList<>();
        for (List<Step> steps : sequences) {
            runs.add(new Run(steps, runs.size()));
        }
        runs.forEach(run -> run.compare(-1));
        int longest = sequences.stream().mapToInt(List::size).max().orElse(0);
        for (int i = 0; i < longest; i++) {
            int step = i;
            List<Run> on = runs.stream().filter(run -> run.goesOn(step)).toList();
            on.forEach(run -> run.start(step));
            on.forEach(run -> run.doLocally(step));
            on.forEach(run -> run.compare(step));
        }
        for (Run run : runs) {
            run.end();
        }
        return runs.stream().filter(run -> run.difference != null).map(run -> run.difference).toList();
    }

    /** As short a sequence as can be had by leaving out steps that still shows a difference; the same if none does. */
    Difference shrink(Difference found) throws IOException {
        Difference least = found;
        for (int chunk = Math.max(1, found.at / 2); chunk > 0; chunk /= 2) {
            for (int from = 0; from < least.at;) {
                List<Step> fewer = new ArrayList<>(least.shown());
                fewer.subList(from, Math.min(from + chunk, least.at)).clear();
                List<Difference> still = compare(List.of(fewer));
                if (still.isEmpty()) {
                    from += chunk;
                } else {
                    least = still.getFirst();
                }
            }
        }
        return least;
    }

    private static void delete(Path directory) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) throws IOException {
                if (!Files.isReadable(dir) || !Files.isWritable(dir) || !Files.isExecutable(dir)) {
                    Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwx------"));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path dir, IOException failure) throws IOException {
                Files.delete(dir);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
