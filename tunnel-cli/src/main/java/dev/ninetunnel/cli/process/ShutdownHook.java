package dev.ninetunnel.cli.process;

/**
 * Leaving in good order on SIGTERM and SIGINT. The Java machine runs its shutdown hooks then, and would exit with 143 or
 * 130; an endpoint that was asked to leave, and did, has not failed, so the hook drains it and ends with 0. Closing this
 * takes the hook away: the command ends by itself.
 */
public final class ShutdownHook implements AutoCloseable {
    private final Thread hook;

    private ShutdownHook(Thread hook) {
        this.hook = hook;
    }

    /** From now on, has this run, and the process end with 0, when the process is asked to leave. */
    public static ShutdownHook onSignal(Runnable drain) {
        Thread hook = Thread.ofPlatform().name("leaving").unstarted(() -> {
            drain.run();
            Runtime.getRuntime().halt(0);
        });
        Runtime.getRuntime().addShutdownHook(hook);
        return new ShutdownHook(hook);
    }

    /** Whether the process was asked to leave, and is about to. */
    public static boolean hasBegun() {
        Thread none = Thread.ofPlatform().unstarted(() -> {});
        try {
            Runtime.getRuntime().addShutdownHook(none);
            Runtime.getRuntime().removeShutdownHook(none);
            return false;
        } catch (IllegalStateException leaving) {
            return true;
        }
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException leavingAlready) {
            // The hook is at work and will end the process.
        }
    }
}
