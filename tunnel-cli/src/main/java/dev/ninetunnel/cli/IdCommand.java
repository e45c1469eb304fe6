package dev.ninetunnel.cli;

import dev.ninetunnel.cli.options.Program;
import dev.ninetunnel.identity.Identity;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ninetunnel id}. */
@Command(name = "id", mixinStandardHelpOptions = true, description = {
        "Prints this endpoint's peer id: the SHA-256 of its public key.",
        "The key and a certificate for it are made on first use, as key.pem and cert.pem in the home directory."}, footer = {
                "", "Example:", "  ninetunnel id", "  ssh server ninetunnel trust $(ninetunnel id) --name laptop"})
final class IdCommand implements Callable<Integer> {
    @ParentCommand
    private Program program;
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Identity identity = Problems.explained(() -> Identity.loadOrCreate(program.common().home()));
        spec.commandLine().getOut().println(identity.id());
        return 0;
    }
}
