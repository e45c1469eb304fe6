package dev.ninetunnel.fs.linux;

import dev.ninetunnel.fs.FileId;
import dev.ninetunnel.fs.linux.RootPath.Step;
import dev.ninetunnel.linux.ProcessCalls;
import java.util.List;
import java.util.Optional;

/**
 * What an export's root, and the directories above it, were when the configuration came into force, and when somebody last
 * attached to it. Another directory there is taken for it only where only root and the user of this process can have
 * put it there, or the user whose it and the one before it are. One thread at a time accepts; any may ask.
 */
final class KnownRoot {
    private final int user = ProcessCalls.uid();
    private final List<byte[]> names;
    private final List<RootPath.Link> links;
    private final List<Step> configured;
    private volatile List<Step> latest;

    /** What a path has led to. */
    KnownRoot(RootPath found) {
        this.names = found.names();
        this.links = found.links();
        this.configured = found.steps();
        this.latest = configured;
    }

    /** The names that lead to it, without a link. */
    List<byte[]> names() {
        return names;
    }

    /** The link on its path that lies in the directory of this number; empty if there is none. */
    Optional<String> linkWithin(FileId directory) {
        return links.stream().filter(link -> link.within().contains(directory)).map(RootPath.Link::path).findFirst();
    }

    /** The root itself, as it is known. */
    FileId id() {
        return latest.getLast().id();
    }

    /** Takes what the names lead to now for the root; gives why not, in words for people, if it cannot be. */
    Optional<String> accept(List<Step> now) {
        boolean mounted = false;
        for (int i = 0; i < now.size(); i++) {
            Step step = now.get(i);
            if (step.isSame(configured.get(i)) || step.isSame(latest.get(i))) {
                continue;
            }
            if (isMount(now, i)) {
                mounted = true; // Only root mounts, so all of it is as root wants it, and known from now on.
            } else if (isMount(latest, i)) {
                return Optional.of("the file system that was mounted there is not");
            } else if (!mounted && (i == 0 || !isTrusted(now.get(i - 1), step, latest.get(i)))) {
                return Optional.of("another directory stands there, which others than root and the user of this "
                        + "endpoint can have put there");
            }
        }
        latest = now;
        return Optional.empty();
    }

    /** The owner of a directory may put another of theirs in its place, as they may change its content. */
    private boolean isTrusted(Step above, Step step, Step before) {
        return above.guards(step, user) || (step.owner() == before.owner() && above.guards(step, step.owner()));
    }

    private static boolean isMount(List<Step> steps, int at) {
        return at > 0 && steps.get(at).mount() != steps.get(at - 1).mount();
    }
}
