package dev.ninetunnel.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.cache.behind.WriteBehind;
import dev.ninetunnel.wire.LeaseKinds;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Round trips of programs that walk through trees. */
class DirectoryAtOnceTest {
    private static FarDisk disk(Stage stage, int directories, int files, int bytes) {
        FarDisk disk = new FarDisk(stage);
        for (int i = 0; i < directories; i++) {
            FarDisk.Node directory = disk.root.directory("d%03d".formatted(i));
            for (int j = 0; j < files; j++) {
                directory.file("f%03d".formatted(j),
                        ("%03d.%03d ".formatted(i, j) + "x".repeat(bytes)).substring(0, bytes));
            }
        }
        return disk;
    }

    @Test
    @DisplayName("a directory of 20 files is listed, and each looked at, in 3 round trips, and then in none")
    void oneDirectory() {
        try (Stage stage = new Stage(64 << 20)) {
            FarDisk disk = disk(stage, 1, 20, 10);
            Program program = new Program(disk, stage.attached());
            assertThat(program.lsR(0)).isEqualTo(21);
            assertThat(disk.rounds).isLessThanOrEqualTo(3);
            int before = disk.messages;
            program.lsR(0);
            assertThat(disk.messages).isEqualTo(before);
        }
    }

    @Test
    @DisplayName("files that have been given up to make room are asked for together again, with their directory")
    void filesGivenUp() {
        try (Stage stage = new Stage(64 << 20)) {
            FarDisk disk = disk(stage, 10, 20, 10);
            Program program = new Program(disk, stage.attached());
            program.looks();
            program.lsR(0);
            for (int again = 0; again < 2; again++) {
                stage.holder.all().stream().filter(lease -> lease.listing() == null)
                        .forEach(lease -> stage.holder.broken(lease.number, LeaseKinds.ALL, () -> {}));
                int before = disk.messages;
                program.lsR(0);
                assertThat(disk.messages - before).as("for 10 directories").isBetween(10, 10 * 10);
            }
        }
    }

    /** Work in a tree with so many directories of so many files of so many bytes, and the most round trips and messages that it may take. */
    enum Work {
        LIST(100, 20, 10, 12, 110, (program, disk) -> program.lsR(0)), FIND(100, 20, 10, 12, 110,
                (program, disk) -> program.find(0)), TAR(1, 500, 4096, 15, 70,
                        (program, disk) -> program.tar(0)), TAR_OF_TREE(10, 50, 4096, 20, 90,
                                (program, disk) -> program.tar(0)), GIT_STATUS(100, 20, 10, 16, 160,
                                        (program, disk) -> program.gitStatus(0, disk.root));

        private final int directories;
        private final int files;
        private final int bytes;
        private final int most;
        private final int mostMessages;
        private final BiConsumer<Program, FarDisk> work;

        Work(int directories, int files, int bytes, int most, int mostMessages, BiConsumer<Program, FarDisk> work) {
            this.directories = directories;
            this.files = files;
            this.bytes = bytes;
            this.most = most;
            this.mostMessages = mostMessages;
            this.work = work;
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("what programs do in a tree costs few round trips the first time, and no message again, whatever order directories tell")
    void inATree(Work work) {
        for (boolean sorted : new boolean[]{true, false}) {
            try (Stage stage = new Stage(64 << 20)) {
                FarDisk disk = disk(stage, work.directories, work.files, work.bytes);
                disk.isSorted = sorted;
                Program program = new Program(disk, stage.attached());
                program.looks();
                work.work.accept(program, disk);
                assertThat(disk.rounds).as("round trips of " + work).isLessThanOrEqualTo(work.most);
                assertThat(disk.messages).as("messages of " + work).isLessThanOrEqualTo(work.mostMessages);
                int before = disk.messages;
                work.work.accept(program, disk);
                assertThat(disk.messages - before).as("messages again").isZero();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"100, 4, 45", "200, 20, 100"})
    @DisplayName("threads that go side by side, each through a part of the directories, as those of git status, wait hardly more often together than one alone")
    void sideBySide(int directories, int threads, int most) {
        try (Stage stage = new Stage(64 << 20)) {
            FarDisk disk = disk(stage, directories, 20, 10);
            Program program = new Program(disk, stage.attached());
            program.looks();
            program.gitStatus(0, disk.root, threads);
            assertThat(disk.rounds).isLessThanOrEqualTo(most);
            assertThat(disk.messages).isLessThanOrEqualTo(5 * directories / 2);
            int before = disk.messages;
            program.gitStatus(0, disk.root, threads);
            assertThat(disk.messages - before).as("messages again").isZero();
        }
    }

    @Test
    @DisplayName("files that are read long after their directories were looked at are asked for together, as by git status when times differ")
    void readLater() {
        try (Stage stage = new Stage(64 << 20)) {
            FarDisk disk = disk(stage, 20, 20, 4096);
            Program program = new Program(disk, stage.attached());
            program.looks();
            List<Integer> directories = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                directories.add(program.lookup(0, "d%03d".formatted(i)));
                for (int j = 0; j < 20; j++) {
                    program.lookup(directories.getLast(), "f%03d".formatted(j));
                }
            }
            int before = disk.messages;
            for (int i = 0; i < 20; i++) {
                for (int j = 0; j < 20; j++) {
                    int file = program.lookup(directories.get(i), "f%03d".formatted(j));
                    assertThat(program.read(file)).startsWith("%03d.%03d ".formatted(i, j));
                }
            }
            assertThat(disk.messages - before).as("to read 400 files in 20 directories").isLessThanOrEqualTo(20 * 8);
        }
    }

    @ParameterizedTest
    @CsvSource({"true, false", "true, true", "false, false"})
    @DisplayName("cp -r of 500 files of 4 KiB in takes 2.2 round trips a file if close(2) waits for them, else 1.2")
    void copyIn(boolean waits, boolean keepsToModes) {
        try (Stage stage = new Stage(64 << 20)) {
            stage.holder.writeBehind(WriteBehind.MOUNTS);
            FarDisk disk = new FarDisk(stage);
            disk.root.directory("e").directory("d");
            Program program = new Program(disk, stage.attached());
            program.looks();
            int directory = program.lookup(program.lookup(0, "e"), "d");
            int before = disk.rounds;
            program.copyInto(directory, 500, "x".repeat(4096), waits, keepsToModes);
            assertThat(disk.rounds - before).isLessThanOrEqualTo(waits ? 1100 : 600);
            disk.round();
            assertThat(disk.root.children.get("e").children.get("d").children.values())
                    .allSatisfy(file -> assertThat(file.bytes()).isEqualTo(4096));
        }
    }

    @Test
    @DisplayName("200 files that are known are removed in one round trip each")
    void remove() {
        try (Stage stage = new Stage(64 << 20)) {
            FarDisk disk = disk(stage, 1, 200, 10);
            Program program = new Program(disk, stage.attached());
            program.looks();
            int directory = program.lookup(0, "d000");
            List<String> names = List.copyOf(disk.root.children.get("d000").children.keySet());
            program.remove(directory, names);
            assertThat(disk.root.children.get("d000").children).isEmpty();
            assertThat(disk.rounds).isLessThanOrEqualTo(200 + 10);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("200 files that the program has made itself, and reads by their names or by what it got when it made them, take few round trips")
    void ownFiles(boolean byName) {
        try (Stage stage = new Stage(64 << 20)) {
            FarDisk disk = new FarDisk(stage);
            Program program = new Program(disk, stage.attached());
            program.looks();
            disk.root.directory("d");
            int directory = program.lookup(0, "d");
            List<Integer> made = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                made.add(program.make(directory, "f%03d".formatted(i), "file " + i));
            }
            int before = disk.rounds;
            for (int i = 0; i < 200; i++) {
                int file = byName ? program.lookup(directory, "f%03d".formatted(i)) : made.get(i);
                assertThat(program.read(file)).isEqualTo("file " + i);
            }
            assertThat(disk.rounds - before).isLessThanOrEqualTo(20);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("2,000 files of 4 KiB, more than is asked for ahead, are read by name in few round trips, also where the directory tells them the other way round")
    void moreThanIsAskedAhead(boolean sorted) {
        try (Stage stage = new Stage(64 << 20)) {
            FarDisk disk = disk(stage, 1, 2000, 4096);
            disk.isSorted = sorted;
            Program program = new Program(disk, stage.attached());
            program.looks();
            int directory = program.lookup(0, "d000");
            for (String name : disk.root.children.get("d000").children.keySet()) {
                int file = program.lookup(directory, name);
                assertThat(program.read(file)).hasSize(4096);
                program.forget(file);
            }
            assertThat(disk.rounds).isLessThanOrEqualTo(60);
        }
    }

    @Test
    @DisplayName("git status, which looks for two of its own 2,000 objects, has few of the directories asked for that they are in")
    void gitStatusWithItsOwnFiles() {
        try (Stage stage = new Stage(64 << 20)) {
            FarDisk disk = disk(stage, 100, 20, 10);
            FarDisk.Node own = disk.root.directory(".git");
            List.of("HEAD", "config", "index").forEach(name -> own.file(name, name));
            own.directory("info").file("exclude", "*.o");
            own.directory("refs").directory("heads").file("main", "1234");
            FarDisk.Node objects = own.directory("objects");
            objects.directory("info");
            objects.directory("pack");
            for (int i = 0; i < 256; i++) {
                FarDisk.Node some = objects.directory("%02x".formatted(i));
                for (int j = 0; j < 8; j++) {
                    some.file("object-" + j, "content");
                }
            }
            Program program = new Program(disk, stage.attached());
            program.looks();
            int git = program.lookup(0, ".git");
            List.of("HEAD", "config", "index").forEach(name -> program.read(program.lookup(git, name)));
            program.list(program.lookup(program.lookup(git, "objects"), "pack"));
            program.read(program.lookup(program.lookup(program.lookup(git, "refs"), "heads"), "main"));
            program.read(program.lookup(program.lookup(git, "info"), "exclude"));
            for (String object : List.of("3a", "c5")) {
                program.read(program.lookup(program.lookup(program.lookup(git, "objects"), object), "object-3"));
            }
            int lists = disk.lists;
            assertThat(lists).as("directories asked for at once").isLessThanOrEqualTo(20);
            disk.root.children.remove(".git");
            program.gitStatus(0, disk.root);
            assertThat(disk.messages).isLessThanOrEqualTo(400);
        }
    }
}
