package dev.ninetunnel.cli;

import dev.ninetunnel.cli.options.Invocation;
import dev.ninetunnel.client.RefusedException;
import dev.ninetunnel.client.RemotePath;
import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.Text;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ninetunnel ln}. */
@Command(name = "ln", mixinStandardHelpOptions = true, description = {
        "Gives a file of a peer a further name, or with -s makes a symbolic link."}, footer = {"", "Example:",
                "  ninetunnel ln server:notes/today.txt server:notes/latest.txt",
                "  ninetunnel ln -s ../data/2026 server:notes/data"})
final class LnCommand implements Callable<Integer> {
    @Mixin
    private RemoteOptions remote;
    @Mixin
    private Invocation invocation;

    @Option(names = {"-s",
            "--symbolic"}, description = "Make a symbolic link. TARGET is what is put into it, as it is: a path on "
                    + "that host.")
    private boolean symbolic;

    @Parameters(index = "0", paramLabel = "TARGET", description = "PEER:PATH of a file; with -s a path on that host.")
    private String target;

    @Parameters(index = "1", paramLabel = "PEER:PATH", description = "The new name.")
    private String link;

    @Override
    public Integer call() {
        PeerPath name = invocation.usage(() -> PeerPath.parse(link));
        if (symbolic && PeerPath.looksLike(target)) {
            throw invocation.misuse("a symbolic link leads to a path on its own host: write '"
                    + invocation.usage(() -> PeerPath.parse(target)).path() + "' without a peer");
        }
        Report report = remote.report(invocation);
        try (PeerFiles peers = remote.open(invocation)) {
            report.attempt(name.peer(), () -> make(peers.of(name), name));
        }
        return report.exitCode();
    }

    private void make(Remote there, PeerPath name) throws IOException {
        RemotePath place = there.throughLinks(name.inTree());
        try {
            if (symbolic) {
                there.files().makeLink(place, Text.of(target));
            } else {
                there.files().link(there.find(file(name), false).path(), place);
            }
        } catch (RefusedException e) {
            if (e.is(Errno.EEXIST)) {
                throw new Failure(Failure.CANNOT_CREATE, name + ": is there already", e);
            }
            throw e;
        }
    }

    private RemotePath file(PeerPath name) {
        PeerPath file = invocation.usage(() -> PeerPath.parse(target));
        if (!file.peer().equals(name.peer())) {
            throw invocation.misuse(file + " and " + name
                    + " are on different hosts: a file has names on one only");
        }
        return file.inTree();
    }
}
