package dev.ninetunnel.endpoint.mount;

import java.time.Duration;

/** How it is with a mount. */
public sealed interface MountState {
    /** It is made as soon as the peer is linked. */
    record AwaitsLink() implements MountState {}

    /** Its process begins. */
    record Begins() implements MountState {}

    /** The files are there. */
    record Mounted() implements MountState {}

    /**
     * It could not be made, or has ended, and is made again.
     *
     * @param left the time until then
     */
    record Failed(String reason, Duration left) implements MountState {}

    /** Somebody has unmounted it. */
    record Unmounted() implements MountState {}
}
