package dev.ninetunnel.endpoint.process;

import dev.ninetunnel.fs.local.LocalTrees;
import dev.ninetunnel.tls.Tls;

/**
 * What an endpoint needs and takes long at its first use: the binding of system calls, and cryptography. A program that is
 * going to start one may have it done while it still reads its command line and its files. Any thread.
 */
public final class Warmup {
    private Warmup() {}

    /** Begins with it on a thread of its own. What fails there fails again, and is told, where it is used. */
    public static void begin() {
        Thread.ofPlatform().daemon().name("prepare").start(() -> {
            try {
                LocalTrees.prepare();
                Tls.fastCiphers();
            } catch (RuntimeException | LinkageError e) {
                // The one who needs it will meet the same.
                return;
            }
        });
    }
}
