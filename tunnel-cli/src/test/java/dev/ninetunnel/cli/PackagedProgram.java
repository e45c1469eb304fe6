package dev.ninetunnel.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** The packaged program, which the launcher's own lines start, with the cache of the build. */
record PackagedProgram(Path jar, Path cache, Path launch) {
    /** Where the build has put it. */
    static final PackagedProgram BUILT = new PackagedProgram(Path.of("target/ninetunnel.jar").toAbsolutePath(),
            Path.of("target/ninetunnel.aot").toAbsolutePath(), Path.of("../packaging/launch").toAbsolutePath());

    /** A copy, for users who may not look into the source tree. */
    PackagedProgram copiedTo(Path folder) throws IOException {
        return new PackagedProgram(copied(jar, folder), copied(cache, folder), copied(launch, folder));
    }

    private static Path copied(Path file, Path folder) throws IOException {
        // The JVM takes the cache for that of another jar where the time is another.
        return Files.copy(file, folder.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
    }

    /** What starts it, in the process that it is started in; what people type comes behind. None of the words has blanks. */
    List<String> command() {
        return List.of("env", "java=" + Path.of(System.getProperty("java.home"), "bin", "java"), "jar=" + jar,
                "cache=" + cache, "sh", launch.toString());
    }

    /** The same for a shell. */
    String words() {
        return String.join(" ", command());
    }
}
