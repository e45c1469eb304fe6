package dev.ninetunnel.cli;

import dev.ninetunnel.cli.options.Invocation;
import dev.ninetunnel.identity.Identity;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ninetunnel id}. */
@Command(name = "id", mixinStandardHelpOptions = true, description = {
        "Prints this endpoint's peer id: the SHA-256 of its public key.",
        "The key and a certificate for it are made on first use, as key.pem and cert.pem in the home directory."}, footer = {
                "", "Example:", "  ninetunnel id", "  ssh server ninetunnel trust $(ninetunnel id) --name laptop"})
final class IdCommand implements Callable<Integer> {
    @Mixin
    private Invocation invocation;

    @Override
    public Integer call() {
        Identity identity = Problems.explained(() -> Identity.loadOrCreate(invocation.common().home()));
        invocation.print(identity.id().toString());
        return 0;
    }
}
