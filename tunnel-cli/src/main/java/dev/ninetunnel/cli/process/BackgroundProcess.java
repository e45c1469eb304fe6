package dev.ninetunnel.cli.process;

import dev.ninetunnel.cli.Failure;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * This command once more, as a process of its own that goes on when the terminal is closed. It prints a line when it is ready, and
 * what it says before that is shown here; later it goes to a log.
 */
public final class BackgroundProcess {
    private static final List<Path> SETSID = List.of(Path.of("/usr/bin/setsid"), Path.of("/bin/setsid"));

    private BackgroundProcess() {}

    /**
     * Starts it with a further argument, and waits until it is ready.
     *
     * @param log where it writes to from then on
     * @return 0, or the exit code with which it has ended
     */
    public static int start(String argument, Path log) throws InterruptedException {
        List<String> command = new ArrayList<>();
        SETSID.stream().filter(Files::isExecutable).findFirst().ifPresent(setsid -> command.add(setsid.toString()));
        try {
            List<String> own = OwnCommand.words();
            int end = own.indexOf("--"); // what is behind it are no options
            own.add(end < 0 ? own.size() : end, argument);
            command.addAll(own);
            Files.createDirectories(log.getParent());
            Process process = new ProcessBuilder(command)
                    .redirectInput(new File("/dev/null"))
                    .redirectError(log.toFile())
                    .start();
            try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
                if (out.readLine() != null) {
                    return 0;
                }
            }
            int code = process.waitFor();
            System.err.print(Files.readString(log));
            return code;
        } catch (IOException e) {
            throw new Failure(Failure.UNAVAILABLE, "cannot go on in the background: " + e.getMessage()
                    + "; try --foreground", e);
        }
    }
}
