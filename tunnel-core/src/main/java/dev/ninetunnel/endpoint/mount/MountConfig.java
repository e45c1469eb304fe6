package dev.ninetunnel.endpoint.mount;

import java.nio.file.Path;

/**
 * Where a peer's files are mounted.
 *
 * @param directory an absolute path
 * @param source what of them, as {@code EXPORT[/PATH]}; empty for all
 * @param options as {@code ninetunnel mount -o} takes them; empty for none
 */
public record MountConfig(Path directory, String source, String options) {}
