package dev.ninetunnel.link;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done again and again. An event loop does a task no more that has thrown once, so this does not throw. Any thread. */
public final class Repeated {
    private static final Logger LOG = LoggerFactory.getLogger(Repeated.class);

    private Repeated() {}

    /**
     * The same task, which is done the next time, too, whatever has happened.
     *
     * @param what it is about, for the log
     */
    public static Runnable of(String what, Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (Throwable e) {
                LOG.error("the look at {} failed, and is tried again; this is a fault in the program, or it has too "
                        + "little memory", what, e);
            }
        };
    }
}
