package dev.ninetunnel.cli;

import dev.ninetunnel.cli.options.Invocation;
import dev.ninetunnel.cli.process.OwnCommand;
import dev.ninetunnel.endpoint.EndpointConfig;
import dev.ninetunnel.endpoint.mount.MountConfig;
import dev.ninetunnel.endpoint.mount.MountProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code ninetunnel mount}, as an endpoint runs it for its peers.
 *
 * @param program the words that start the program
 * @param home the endpoint's
 * @param run where its sockets are
 */
record MountProcess(List<String> program, Path home, Path run) implements MountProgram {
    /** By the program that runs this command. */
    static MountProcess of(Invocation invocation, EndpointConfig config) {
        try {
            return new MountProcess(OwnCommand.program(invocation.words()), config.home(), config.run());
        } catch (IOException e) {
            throw new Failure(Failure.UNAVAILABLE, "cannot tell how this program was started, to mount by another "
                    + "process: " + e.getMessage(), e);
        }
    }

    @Override
    public List<String> command(String peer, MountConfig config) {
        List<String> words = new ArrayList<>(program);
        words.addAll(List.of("mount", "--foreground", "--replace", "--home=" + home, "--run=" + run));
        if (!config.options().isEmpty()) {
            words.addAll(List.of("-o", config.options()));
        }
        words.addAll(List.of(peer + ":" + config.source(), config.directory().toString()));
        return words;
    }
}
