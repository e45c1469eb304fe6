package dev.ninetunnel.cli.process;

import dev.ninetunnel.linux.TerminalSize;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether somebody looks on. */
public final class Terminal {
    private static final int OUTPUT = 1;
    private static final int ERROR = 2;
    private static final int DEFAULT_WIDTH = 80;

    private Terminal() {}

    public static boolean onStandardInput() {
        return is(0);
    }

    public static boolean onStandardOutput() {
        return is(OUTPUT);
    }

    public static boolean onStandardError() {
        return is(ERROR);
    }

    /** Linux says it of each descriptor; the console of Java, which is for all of them together, has to do elsewhere. */
    @SuppressWarnings("SystemConsoleNull") // It is null again since JDK 25, which has its old console back.
    private static boolean is(int descriptor) {
        Path link = Path.of("/proc/self/fd/" + descriptor);
        try {
            if (Files.isSymbolicLink(link)) {
                String target = Files.readSymbolicLink(link).toString();
                return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
            }
        } catch (IOException _) {
            return false;
        }
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    /** How many columns a line of standard output has. */
    public static int outputWidth() {
        return width(OUTPUT);
    }

    /** How many columns a line of standard error has. */
    public static int errorWidth() {
        return width(ERROR);
    }

    /** As ls(1) has it: what the user says in COLUMNS, or else the terminal. */
    private static int width(int descriptor) {
        String columns = System.getenv("COLUMNS");
        return columns != null && columns.matches("[1-9][0-9]{0,4}")
                ? Integer.parseInt(columns)
                : TerminalSize.columns(descriptor).orElse(DEFAULT_WIDTH);
    }
}
