package dev.ninetunnel.cli;

import dev.ninetunnel.endpoint.EndpointException;
import dev.ninetunnel.identity.IdentityException;
import java.io.IOException;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Turns what the rooms below throw into what a command ends with. */
public final class Problems {
    private Problems() {}

    /** Work that may fail in a way that people can do something about. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws IdentityException, EndpointException, IOException, InterruptedException;
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

    /** Reads what was typed; an {@link IllegalArgumentException} is the typist's, and shown with where help is. */
    public static <T> T usage(CommandSpec spec, Supplier<T> reading) {
        try {
            return reading.get();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
