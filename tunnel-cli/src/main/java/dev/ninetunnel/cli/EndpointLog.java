package dev.ninetunnel.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the standard error of an endpoint on Linux goes, which is its log: to the journal of systemd, or into a file.
 *
 * @param lines how many to show at first
 * @param follow whether to go on as it grows
 */
record EndpointLog(int lines, boolean follow) {
    /** The last element of the path in proc_pid_cgroup(5); a user's unit is below that user's manager. */
    private static final Pattern UNIT = Pattern.compile("^0::(.*)/([^/]+\\.service)$", Pattern.MULTILINE);

    /** The command that shows the log of a process. */
    List<String> of(long process) {
        Path proc = Path.of("/proc", Long.toString(process));
        String output;
        String cgroup;
        try {
            output = Files.readSymbolicLink(proc.resolve("fd/2")).toString();
            cgroup = Files.readString(proc.resolve("cgroup"));
        } catch (IOException e) {
            throw new Failure(Failure.NO_PERMISSION, "cannot see where the endpoint, process " + process
                    + ", writes its log: run this as its user, or as root", e);
        }
        if (Files.isRegularFile(Path.of(output))) {
            return command("tail", output);
        }
        Optional<List<String>> journal = output.startsWith("socket:") ? ofUnitIn(cgroup) : Optional.empty();
        return journal.orElseThrow(() -> new Failure(Failure.UNAVAILABLE, "the endpoint, process " + process
                + ", writes its log to " + output + ", where nothing is kept: start it with 2>FILE, or as a service"));
    }

    /** The command that shows the log of the unit that a process runs in, if it does. */
    Optional<List<String>> ofUnitIn(String cgroup) {
        Matcher unit = UNIT.matcher(cgroup);
        if (!unit.find()) {
            return Optional.empty();
        }
        return Optional.of(ofUnit(unit.group(2), unit.group(1).contains("/user@")));
    }

    /** The command that shows the log of a unit of the system, or of this user's. */
    List<String> ofUnit(String unit, boolean ofUser) {
        return command("journalctl", (ofUser ? "--user-unit=" : "--unit=") + unit);
    }

    private List<String> command(String program, String what) {
        List<String> words = new ArrayList<>(List.of(program, "-n", Integer.toString(lines)));
        if (follow) {
            words.add("-f");
        }
        words.add(what);
        return words;
    }
}
