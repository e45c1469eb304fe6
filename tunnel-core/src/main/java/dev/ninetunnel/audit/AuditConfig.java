package dev.ninetunnel.audit;

import java.nio.file.Path;

/**
 * Whether and where a record is kept.
 *
 * @param file what is appended to; made with mode 0600 if it is not there
 * @param changes whether each change of a file is on record, too
 */
public record AuditConfig(Path file, boolean changes) {}
