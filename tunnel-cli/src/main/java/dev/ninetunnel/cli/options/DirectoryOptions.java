package dev.ninetunnel.cli.options;

import dev.ninetunnel.export.ExportOptions;
import dev.ninetunnel.export.RunAsRule;
import dev.ninetunnel.export.UserList;
import dev.ninetunnel.fs.filter.NamePattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The options of an exported directory, as they are given one by one: of {@code --export}, such as {@code
 * ro,as=attach,users=alice:1000-1999,hide=*.key}, or in a file. What cannot be is an {@link IllegalArgumentException}, with a
 * message for people.
 */
public final class DirectoryOptions {
    private final String whole;
    private String as;
    private String users;
    private boolean readOnly;
    private boolean attributes = true;
    private boolean devices = true;
    private final List<NamePattern> hidden = new ArrayList<>();

    /** None yet, of what messages begin with. */
    public DirectoryOptions(String whole) {
        this.whole = whole;
    }

    /** Those behind the path of an {@code --export}. */
    static ExportOptions read(String whole, List<String> options) {
        DirectoryOptions read = new DirectoryOptions(whole);
        options.forEach(read::take);
        return read.options();
    }

    /** All that were given. */
    public ExportOptions options() {
        return new ExportOptions(readOnly, runAs(), hidden, attributes, devices, List.of(), Optional.empty());
    }

    public void readOnly(boolean only) {
        readOnly = only;
    }

    /** Whether extended attributes can be had. */
    public void attributes(boolean shown) {
        attributes = shown;
    }

    /** Whether devices, FIFOs and sockets can be made. */
    public void devices(boolean made) {
        devices = made;
    }

    /** Hides what a glob matches, beside what others do. */
    public void hide(String glob) {
        hidden.add(NamePattern.parse(glob));
    }

    /** As whom files are dealt with: self, attach, or a user. */
    public void as(String who) {
        as = once("as", as, who);
    }

    /** Whom a peer may speak for, with colons between them. */
    public void users(String list) {
        users = once("users", users, list);
    }

    private void take(String option) {
        int equals = option.indexOf('=');
        String key = equals < 0 ? option : option.substring(0, equals + 1);
        String value = option.substring(equals + 1);
        switch (key) {
            case "ro" -> readOnly(true);
            case "rw" -> readOnly(false);
            case "no-xattr" -> attributes(false);
            case "no-special" -> devices(false);
            case "hide=" -> hide(value);
            case "as=" -> as(value);
            case "users=" -> users(value);
            default -> throw wrong("has the unknown option '" + option + "': there are ro, rw, as=self, as=attach, "
                    + "as=USER, users=USER:..., hide=GLOB, no-xattr and no-special; a comma in a path or glob is "
                    + "written \\,");
        }
    }

    private String once(String key, String before, String value) {
        if (before != null || value.isEmpty()) {
            throw wrong(value.isEmpty() ? "has nothing behind '" + key + "='" : "says '" + key + "=' twice");
        }
        return value;
    }

    private RunAsRule runAs() {
        boolean attach = "attach".equals(as);
        if (attach && users == null) {
            throw wrong("lets a peer say as whom it acts, but not whom it may be: add users= with names and numbers, "
                    + "such as users=alice:1000-1999, or users=* for all but root");
        }
        if (!attach && users != null) {
            throw wrong("says users= without as=attach, which alone asks for them");
        }
        if (attach) {
            return new RunAsRule.Attach(UserList.parse(users));
        }
        return as == null || as.equals("self") ? RunAsRule.SELF : RunAsRule.One.of(as);
    }

    private IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException(whole + " " + what);
    }
}
