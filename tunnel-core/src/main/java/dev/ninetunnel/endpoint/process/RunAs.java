package dev.ninetunnel.endpoint.process;

import dev.ninetunnel.fs.Caller;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.fs.local.Accounts;
import dev.ninetunnel.linux.Linux;
import dev.ninetunnel.linux.Privileges;
import dev.ninetunnel.linux.ProcessCalls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The user whom an endpoint that root has started becomes, once it has read its keys and has its ports.
 *
 * @param name as it was written, for people
 */
public record RunAs(String name, Caller.User user) {
    /**
     * Reads {@code NAME[:GROUP]}. The group takes the place of the account's own; the others that the account is in stay.
     *
     * @throws IllegalArgumentException with a message for people, if there is no such user or group
     */
    public static RunAs parse(String text) {
        if (!Linux.available()) {
            throw new IllegalArgumentException("to become another user (user) takes Linux");
        }
        int colon = text.indexOf(':');
        String name = colon < 0 ? text : text.substring(0, colon);
        try {
            Caller.User account = (isNumber(name)
                    ? Accounts.numbered(Integer.parseInt(name))
                    : Accounts.named(bytes(name)))
                    .orElseThrow(() -> new IllegalArgumentException("there is no user '" + name + "' on this machine "
                            + "(getent passwd " + name + ")"));
            if (account.uid() == 0) {
                throw new IllegalArgumentException(
                        "to become '" + name + "' gives up nothing: name a user who is not root");
            }
            return new RunAs(text, colon < 0 ? account : withGroup(account, text.substring(colon + 1)));
        } catch (FsException e) {
            throw new IllegalArgumentException("who '" + text + "' is cannot be told now: " + e.getMessage(), e);
        }
    }

    private static Caller.User withGroup(Caller.User account, String group) throws FsException {
        OptionalInt found = isNumber(group) ? OptionalInt.of(Integer.parseInt(group)) : Accounts.group(bytes(group));
        int gid = found.orElseThrow(() -> new IllegalArgumentException(
                "there is no group '" + group + "' on this machine (getent group " + group + ")"));
        Set<Integer> groups = new LinkedHashSet<>(account.groups());
        groups.remove(account.gid());
        List<Integer> all = new ArrayList<>(List.of(gid));
        groups.stream().filter(g -> g != gid).forEach(all::add);
        return new Caller.User(account.uid(), gid, all);
    }

    private static boolean isNumber(String text) {
        return text.matches("\\d{1,9}");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Becomes that user for good, on all threads of the process. Does nothing in a process that is the user's already.
     *
     * @param run made for the user before, if it is not there
     * @throws IOException with a message for people, if it cannot; the process is not to go on then
     */
    public void become(Path run) throws IOException {
        if (ProcessCalls.uid() == user.uid()) {
            return;
        }
        try {
            prepare(run);
            int result = Privileges.giveUp(user.uid(), user.gid(), user.groups());
            if (result < 0) {
                throw FsException.of(-result);
            }
            PrivilegeCheck.requireNone(user);
        } catch (FsException e) {
            throw new IOException("cannot become " + name + ": " + e.getMessage()
                    + ". That takes root (CAP_SETUID, CAP_SETGID): start it as root, or as " + name
                    + " and leave user out", e);
        } catch (IOException e) {
            throw new IOException("cannot become " + name + ": " + e.getMessage(), e);
        }
    }

    private void prepare(Path run) throws IOException {
        if (ProcessCalls.uid() != 0 || Files.exists(run)) {
            return;
        }
        Files.createDirectories(run.toAbsolutePath().getParent());
        Files.createDirectory(run,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.setAttribute(run, "unix:gid", user.gid(), LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(run, "unix:uid", user.uid(), LinkOption.NOFOLLOW_LINKS);
    }
}
