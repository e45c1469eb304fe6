package dev.ninetunnel.benchmarks.lab;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Which build of the program is measured. */
final class ProgramOption {
    @Option(names = "--program", paramLabel = "PROGRAM", description = "What starts an endpoint. Default: the launcher at the top "
            + "of the source tree that this was built in.")
    private String program;

    /**
     * The program.
     *
     * @throws IllegalArgumentException if there is none
     */
    String program() {
        return program != null ? program : launcher().toString();
    }

    private static Path launcher() {
        Path here = Path.of(location());
        return Stream.iterate(here, place -> place != null, Path::getParent).map(place -> place.resolve("ninetunnel"))
                .filter(Files::isRegularFile).filter(Files::isExecutable).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no launcher above " + here + ": say --program"));
    }

    private static java.net.URI location() {
        try {
            return ProgramOption.class.getProtectionDomain().getCodeSource().getLocation().toURI();
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("say --program", e);
        }
    }
}
