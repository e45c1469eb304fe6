package dev.ninetunnel.serve;

import dev.ninetunnel.wire.Dialect;

/** What a fid number stands for. */
sealed interface Fid permits TreeFid, UpstreamFid {
    /** Which messages it takes, and in which errors are told; that of the attach that it came from. */
    Dialect dialect();
}
