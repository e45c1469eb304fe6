package dev.ninetunnel.cli;

import dev.ninetunnel.wire.Text;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/** What a file is called while it is being written: not after its final name, which may be as long as a name can be. */
record TemporaryName(RandomGenerator random) {
    private static final int BYTES = 8;

    Text next() {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return Text.of(".ninetunnel-" + HexFormat.of().formatHex(bytes) + ".part");
    }
}
