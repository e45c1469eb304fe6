package dev.ninetunnel.identity;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The openssl command, as an administrator uses it. A test that needs it is skipped where it is missing. */
public final class OpenSsl {
    private OpenSsl() {}

    /** Runs it in a folder and returns what it printed. */
    public static String run(Path folder, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        return output(folder, command);
    }

    /** The script that the project gives to its users. */
    public static String makeScript(String... arguments) throws Exception {
        Path script = Path.of("..", "certs", "make.sh").toAbsolutePath().normalize();
        List<String> command = new ArrayList<>(List.of("sh", script.toString()));
        command.addAll(List.of(arguments));
        return output(Path.of("."), command);
    }

    private static String output(Path folder, List<String> command) throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "openssl is not installed");
        Process process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError(command + ": " + printed);
        }
        return printed;
    }
}
