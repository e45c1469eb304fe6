package dev.ninetunnel.cli.doctor;

/**
 * What was found out about one thing.
 *
 * @param what for people, in one line
 * @param remedy what to do about it; empty where there is nothing to do
 */
public record Finding(Level level, String what, String remedy) {
    /** How it stands with something. */
    public enum Level {
        /** As it should be, or nothing that matters. */
        GOOD("ok"),
        /** Something does not work that not everybody needs. */
        MISSING("-"),
        /** It does not work. */
        BAD("BAD");

        private final String shown;

        Level(String shown) {
            this.shown = shown;
        }

        /** In front of its line. */
        public String shown() {
            return shown;
        }
    }

    static Finding good(String what) {
        return new Finding(Level.GOOD, what, "");
    }

    static Finding missing(String what, String remedy) {
        return new Finding(Level.MISSING, what, remedy);
    }

    static Finding bad(String what, String remedy) {
        return new Finding(Level.BAD, what, remedy);
    }
}
