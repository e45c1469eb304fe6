package dev.ninetunnel.client;

import dev.ninetunnel.wire.Text;

/**
 * An entry of a directory.
 *
 * @param name one that a file can have: not empty, {@code .} or {@code ..}, without slash and NUL
 */
public record RemoteEntry(Text name, FileKind kind) {}
