package dev.ninetunnel.session;

import dev.ninetunnel.wire.Frame;
import java.util.Arrays;

/** The number of the last frame that was sent under each tag; 0 for a tag that was not used. On the session's loop. */
final class TagNumbers {
    private long[] numbers = new long[4];
    private long ofVersion;

    long get(int tag) {
        if (tag == Frame.NOTAG) {
            return ofVersion;
        }
        return tag < numbers.length ? numbers[tag] : 0;
    }

    void set(int tag, long number) {
        if (tag == Frame.NOTAG) {
            ofVersion = number;
            return;
        }
        if (tag >= numbers.length) {
            numbers = Arrays.copyOf(numbers, Math.max(tag + 1, 2 * numbers.length));
        }
        numbers[tag] = number;
    }
}
