package dev.ninetunnel.cache;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

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
}
