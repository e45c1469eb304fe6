package dev.ninetunnel.client;

import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import java.time.Instant;

/**
 * What a server says of a file.
 *
 * @param permissions the twelve permission bits of Unix
 * @param size in bytes; never negative
 * @param modified when its content last changed
 * @param owner the user's number in 9P2000.L, the user's name in 9P2000
 * @param group likewise
 * @param links how many names it has; 1 where the dialect does not say
 */
public record FileStatus(FileKind kind, int permissions, long size, Instant modified, Text owner, Text group,
        long links, Qid qid) {}
