package dev.ninetunnel.cli.options;

import dev.ninetunnel.export.ExportOptions;
import dev.ninetunnel.export.RunAsRule;
import dev.ninetunnel.export.UserList;
import dev.ninetunnel.fs.filter.NamePattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the options behind an exported directory: {@code ro,as=attach,users=alice:1000-1999,hide=*.key}. */
public final class DirectoryOptions {
    private final String whole;
    private String as;
    private String users;
    private boolean readOnly;
    private boolean attributes = true;
    private boolean devices = true;
    private final List<NamePattern> hidden = new ArrayList<>();

    private DirectoryOptions(String whole) {
        this.whole = whole;
    }

    /**
     * These, of what says what {@code whole} shows. Throws {@link IllegalArgumentException}, with a message that begins with
     * that, for what cannot be.
     */
    public static ExportOptions read(String whole, List<String> options) {
        DirectoryOptions read = new DirectoryOptions(whole);
        options.forEach(read::take);
        return new ExportOptions(read.readOnly, read.as(), read.hidden, read.attributes, read.devices, List.of(),
                Optional.empty());
    }

    private void take(String option) {
        int equals = option.indexOf('=');
        String key = equals < 0 ? option : option.substring(0, equals + 1);
        String value = option.substring(equals + 1);
        switch (key) {
            case "ro" -> readOnly = true;
            case "rw" -> readOnly = false;
            case "no-xattr" -> attributes = false;
            case "no-special" -> devices = false;
            case "hide=" -> hidden.add(NamePattern.parse(value));
            case "as=" -> as = once("as", as, value);
            case "users=" -> users = once("users", users, value);
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

    private RunAsRule as() {
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
