package dev.ninetunnel.cli;

import dev.ninetunnel.endpoint.EndpointException;
import dev.ninetunnel.identity.IdentityException;
import java.io.IOException;

/** Turns what the rooms below throw into what a command ends with. */
public final class Problems {
    private Problems() {}

    /** Work that may fail in a way that people can do something about. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws IdentityException, EndpointException, IOException, InterruptedException;
    }

    /** Such work that has no result. */
    @FunctionalInterface
    interface Action {
        void run() throws IdentityException, EndpointException, IOException, InterruptedException;
    }

    /** Runs it; what goes wrong becomes a {@link Failure} with the cause's own words. */
    static <T> T explained(Work<T> work) {
        try {
            return work.run();
        } catch (IdentityException e) {
            throw new Failure(Failure.CONFIG, e.getMessage(), e);
        } catch (EndpointException e) {
            throw new Failure(exitCode(e.kind()), e.getMessage(), e);
        } catch (IOException e) {
            throw new Failure(Failure.IO, e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure(Failure.UNAVAILABLE, "interrupted", e);
        }
    }

    /** The same of work that has no result. */
    static void run(Action action) {
        explained(() -> {
            action.run();
            return null;
        });
    }

    private static int exitCode(EndpointException.Kind kind) {
        return switch (kind) {
            case CONFIG -> Failure.CONFIG;
            case MISSING -> Failure.NO_INPUT;
            case NO_HOST -> Failure.NO_HOST;
            case UNAVAILABLE -> Failure.UNAVAILABLE;
            case CANNOT_CREATE -> Failure.CANNOT_CREATE;
            case PROTOCOL -> Failure.PROTOCOL;
            case NOT_ALLOWED -> Failure.NO_PERMISSION;
        };
    }
}
