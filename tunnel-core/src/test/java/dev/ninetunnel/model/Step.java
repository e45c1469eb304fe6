package dev.ninetunnel.model;

import java.util.concurrent.CompletableFuture;

/** Something to do with files: over 9P, and to the local disk. What comes of it is put in words that can be compared. */
interface Step {
    /** Does it over 9P. An error is "errno N". */
    CompletableFuture<String> ask(Wire wire);

    /** Does it to the local disk. */
    String expect(Disk disk) throws Refused;
}
