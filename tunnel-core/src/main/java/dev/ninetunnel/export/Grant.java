package dev.ninetunnel.export;

import dev.ninetunnel.fs.Caller;
import java.util.List;
import java.util.Optional;

/**
 * What a peer may do with one export. Without one, the export does not exist for it.
 *
 * @param access whether it can change anything
 * @param within the directory of the export that it is shown as all there is, as names with a slash between; empty for the
 *     whole export
 * @param speakFor the users that its attaches may name: names, numbers, ranges, or {@code *} for all but root; empty for
 *     all users that the export admits
 * @param as as whom its requests are done: {@code self}, {@code attach} or a user; empty for what the export says
 */
public record Grant(Access access, String within, List<String> speakFor, Optional<String> as) {
    /** Reading and writing the whole export. */
    public static final Grant ALL = new Grant(Access.READ_WRITE, "", List.of(), Optional.empty());

    /** Whether files can be changed. */
    public enum Access {
        /** Only what is known not to change anything. */
        READ_ONLY,
        /** All that the export allows. */
        READ_WRITE;

        /**
         * Reads {@code ro} or {@code rw}.
         *
         * @throws IllegalArgumentException with a message for people
         */
        public static Access parse(String text) {
            return switch (text) {
                case "ro" -> READ_ONLY;
                case "rw" -> READ_WRITE;
                default -> throw new IllegalArgumentException("'" + text + "' is no access: write \"ro\" or \"rw\", or "
                        + "leave the export out for none");
            };
        }
    }

    /** Throws {@link IllegalArgumentException}, with a message for people, if the part is not one below the export. */
    public Grant {
        speakFor = List.copyOf(speakFor);
        for (String name : elements(within)) {
            if (name.equals(".") || name.equals("..") || name.indexOf('\0') >= 0) {
                throw new IllegalArgumentException(
                        "'" + within + "' is no directory of an export: it is written without "
                                + "'.' and '..'");
            }
        }
    }

    /** What it comes to: an export may itself be for reading only, and say as whom its files are dealt with. */
    public Grant on(Export export) {
        ExportOptions options = export.target().options();
        return new Grant(options.readOnly() ? Access.READ_ONLY : access, within, speakFor,
                as.or(() -> switch (options.as()) {
                    case RunAsRule.Self _ -> Optional.empty();
                    case RunAsRule.Attach _ -> Optional.of("attach");
                    case RunAsRule.One(Caller.User user) -> Optional.of(Integer.toString(user.uid()));
                }));
    }

    /** For people, such as {@code data/public ro for alice:bob as attach}. */
    public String on(String export) {
        return (export.isEmpty() ? "whatever is asked for" : export)
                + (path().isEmpty() ? "" : "/" + String.join("/", path()))
                + (access == Access.READ_ONLY ? " ro" : " rw")
                + (speakFor.isEmpty() ? "" : " for " + String.join(":", speakFor))
                + as.map(who -> " as " + who).orElse("");
    }

    /** The names that lead to the part that is shown. */
    public List<String> path() {
        return elements(within);
    }

    private static List<String> elements(String path) {
        return List.of(path.split("/", -1)).stream().filter(name -> !name.isEmpty()).toList();
    }
}
