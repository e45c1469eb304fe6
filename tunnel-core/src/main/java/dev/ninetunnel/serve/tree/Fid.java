package dev.ninetunnel.serve.tree;

import dev.ninetunnel.wire.Dialect;

/** What a fid number stands for. */
public interface Fid {
    /** Which messages it takes, and in which errors are told; that of the attach that it came from. */
    Dialect dialect();
}
