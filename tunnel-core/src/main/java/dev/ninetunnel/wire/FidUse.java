package dev.ninetunnel.wire;

/** What a message does with a fid that it names. */
public enum FidUse {
    /** Uses it; it must be bound. */
    USE('F'),
    /** Binds it, if the reply is no error (and, for Twalk, not partial). It must be free, or be the fid walked from. */
    MAKE('N'),
    /** Unbinds it, whatever the reply is. */
    END('E'),
    /** The afid of Tattach: uses it, or is {@link Frame#NOFID}. */
    AUTH('A');

    private final char letter;

    FidUse(char letter) {
        this.letter = letter;
    }

    static FidUse of(char letter) {
        for (FidUse use : values()) {
            if (use.letter == letter) {
                return use;
            }
        }
        return null;
    }
}
