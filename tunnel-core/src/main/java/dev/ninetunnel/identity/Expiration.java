package dev.ninetunnel.identity;

import java.time.Instant;

/**
 * Something that is good until some day, such as a certificate.
 *
 * @param what for people, as the beginning of a sentence
 * @param early whether people are to be told before: what is replaced every few days is not missed until it has ended
 */
public record Expiration(String what, Instant end, boolean early) {
    Expiration(String what, Instant end) {
        this(what, end, true);
    }
}
