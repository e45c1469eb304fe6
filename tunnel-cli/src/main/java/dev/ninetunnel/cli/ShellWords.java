package dev.ninetunnel.cli;

/** Words for commands that people paste into a shell. */
public final class ShellWords {
    private ShellWords() {}

    /** One word, in quotes if it needs them. */
    public static String quoted(String word) {
        return word.matches("[A-Za-z0-9@%+=:,./_-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
