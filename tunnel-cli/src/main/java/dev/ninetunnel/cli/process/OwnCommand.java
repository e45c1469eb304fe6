package dev.ninetunnel.cli.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The words by which this process was started, to start another one. On Linux. */
public final class OwnCommand {
    private OwnCommand() {}

    /** All, as Linux tells them (proc_pid_cmdline(5)); Java's ProcessHandle leaves out what is longer than a page. */
    static List<String> words() throws IOException {
        String words = Files.readString(Path.of("/proc/self/cmdline"), StandardCharsets.UTF_8);
        List<String> command = new ArrayList<>(List.of(words.split("\0", -1)));
        command.removeLast(); // behind the last NUL
        command.set(0, ProcessHandle.current().info().command().orElse(command.getFirst()));
        return command;
    }

    /** Those that start the program, without its own last ones. */
    public static List<String> program(int arguments) throws IOException {
        List<String> words = words();
        return List.copyOf(words.subList(0, words.size() - arguments));
    }
}
