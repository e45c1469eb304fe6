package dev.ninetunnel.cli.process;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signals to this process: SIGUSR1, which HotSpot leaves to programs (it takes SIGUSR2 itself), and SIGHUP. Java has no public way to hear of a signal, and what
 * all its machines have, {@code sun.misc.Signal}, is used by name, because the compiler warns of it. Where it is missing,
 * the signal does nothing.
 */
public final class ProcessSignal {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessSignal.class);

    private ProcessSignal() {}

    /** From now on, has this run on a thread of its own whenever the signal of this name comes ({@code "HUP"}). */
    public static void on(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler calls = (self, method, arguments) -> switch (method.getName()) {
                case "handle" -> {
                    action.run();
                    yield null;
                }
                case "equals" -> System.identityHashCode(self) == System.identityHashCode(arguments[0]);
                case "hashCode" -> System.identityHashCode(self);
                default -> "SIG" + name;
            };
            Object proxy = Proxy.newProxyInstance(ProcessSignal.class.getClassLoader(), new Class<?>[]{handler}, calls);
            signal.getMethod("handle", signal, handler).invoke(null, signal.getConstructor(String.class)
                    .newInstance(name), proxy);
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.debug("SIG{} will not be heard of", name, e);
        }
    }
}
