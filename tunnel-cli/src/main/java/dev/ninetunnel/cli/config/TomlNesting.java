package dev.ninetunnel.cli.config;

/**
 * How deep arrays and inline tables of a TOML text are nested, found without a stack: the parser calls itself for each level.
 * Brackets within strings and comments count for nothing. Of a text that is no TOML it may say more than a parser would.
 */
final class TomlNesting {
    private final String text;
    private int at;
    private int depth;
    private int deepest;

    private TomlNesting(String text) {
        this.text = text;
    }

    /** The depth of the deepest bracket; 1 for that of a table's name. */
    static int of(String text) {
        TomlNesting nesting = new TomlNesting(text);
        while (nesting.at < text.length()) {
            nesting.step();
        }
        return nesting.deepest;
    }

    private void step() {
        char c = text.charAt(at);
        switch (c) {
            case '[', '{' -> deepest = Math.max(deepest, ++depth);
            case ']', '}' -> depth = Math.max(0, depth - 1);
            case '#' -> skipLine();
            case '"', '\'' -> {
                skipString(c);
                return;
            }
            default -> {}
        }
        at++;
    }

    private void skipLine() {
        while (at + 1 < text.length() && text.charAt(at + 1) != '\n') {
            at++;
        }
    }

    /** Goes behind a string; one of a single line ends with the line, if it is broken. */
    private void skipString(char quote) {
        String many = String.valueOf(quote).repeat(3);
        boolean lines = text.startsWith(many, at);
        at += lines ? many.length() : 1;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (lines ? text.startsWith(many, at) : c == quote || c == '\n') {
                at += lines ? many.length() : 1;
                return;
            }
            at += c == '\\' && quote == '"' ? 2 : 1;
        }
    }
}
