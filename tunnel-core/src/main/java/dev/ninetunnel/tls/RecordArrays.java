package dev.ninetunnel.tls;

/**
 * Two arrays of a thread, each of which holds any record. Nothing is kept in them: a user has done with them before it
 * returns, or calls anybody else.
 */
final class RecordArrays {
    final byte[] record = new byte[RecordProtection.MOST_RECORD];
    final byte[] plain = new byte[RecordProtection.MOST_RECORD];
}
