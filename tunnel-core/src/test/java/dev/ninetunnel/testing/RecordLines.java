package dev.ninetunnel.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The lines of a record, each of which another program has read as a JSON object. */
public final class RecordLines {
    private static final String STRICT = """
            import json, sys
            def no(word): raise ValueError(word)
            for line in open(sys.argv[1], 'rb'):
                assert line.endswith(b'\\n') and isinstance(json.loads(line.decode('ascii'), parse_constant=no), dict), line
            """;

    private RecordLines() {}

    /** Reads them; throws {@link IOException} if one is no object. */
    public static List<String> of(Path file) throws IOException, InterruptedException {
        Process python = new ProcessBuilder("python3", "-c", STRICT, file.toString()).redirectErrorStream(true).start();
        String said = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (python.waitFor() != 0) {
            throw new IOException("not JSON: " + said);
        }
        return Files.readAllLines(file);
    }
}
