package dev.ninetunnel.cli;

import dev.ninetunnel.cli.options.Invocation;
import dev.ninetunnel.client.FileKind;
import dev.ninetunnel.client.RemoteEntry;
import dev.ninetunnel.client.RemotePath;
import dev.ninetunnel.identity.IdentityException;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ninetunnel complete}: what a word can become, a line each, for the shells' completion. Whatever fails, it says nothing. */
@Command(name = "complete", hidden = true, mixinStandardHelpOptions = true, description = "Prints what a word can become: for "
        + "the completion of shells.")
final class CompleteCommand implements Callable<Integer> {
    /** A person waits at a prompt. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    @Mixin
    private Invocation invocation;

    @Option(names = "--names", description = "The names of trusted peers, instead of peers with a socket and paths of their files.")
    private boolean names;

    @Parameters(arity = "0..1", paramLabel = "WORD", defaultValue = "", description = "As far as it has been typed.")
    private String word;

    @Override
    public Integer call() {
        PrintWriter out = invocation.out();
        CompletableFuture<List<String>> found = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("completion").start(() -> found.complete(candidates()));
        try {
            found.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).forEach(out::println);
        } catch (TimeoutException | ExecutionException _) {
            // There is nothing to offer.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        return 0;
    }

    private List<String> candidates() {
        try {
            Stream<String> all = names ? trusted() : PeerPath.looksLike(word) ? entries() : posted();
            return all.filter(candidate -> candidate.startsWith(word)).sorted().toList();
        } catch (IdentityException | IOException | Failure _) {
            return List.of();
        }
    }

    private Stream<String> trusted() throws IdentityException {
        return new PeerFile(invocation.common().home()).list().stream().map(Peer::name);
    }

    private Stream<String> posted() throws IOException {
        return invocation.common().sockets().posted().stream().filter(name -> !name.matches("ctl(-.*)?"))
                .map(peer -> peer + ":");
    }

    /** Those of the directory that the word has reached. Names that a shell could not show or take as they are, are left out. */
    private Stream<String> entries() throws IOException {
        int colon = word.indexOf(':');
        PeerPath typed = new PeerPath(word.substring(0, colon), word.substring(colon + 1));
        String directory = typed.path().substring(0, typed.path().lastIndexOf('/') + 1);
        boolean hidden = typed.path().startsWith(".", directory.length());
        try (PeerFiles files = new PeerFiles(invocation.common().sockets(), "")) {
            files.tellThrough(_ -> {});
            Remote remote = files.of(typed);
            return remote.files().list(remote.find(RemotePath.of(directory), true).path()).stream()
                    .filter(entry -> entry.name().toString().equals(entry.name().utf8()))
                    .filter(entry -> hidden || !entry.name().utf8().startsWith("."))
                    .map(entry -> typed.peer() + ":" + directory + shown(entry));
        }
    }

    private static String shown(RemoteEntry entry) {
        return entry.name().utf8() + (entry.kind() == FileKind.DIRECTORY ? "/" : "");
    }
}
