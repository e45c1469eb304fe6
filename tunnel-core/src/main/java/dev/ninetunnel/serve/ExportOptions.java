package dev.ninetunnel.serve;

import dev.ninetunnel.fs.hiding.NamePattern;
import java.util.List;

/**
 * What holds in an exported directory.
 *
 * @param readOnly nothing can be changed (EROFS)
 * @param as as whom its files are dealt with
 * @param hidden names that are as if they did not exist, in every directory
 * @param attributes whether there are extended attributes (else EOPNOTSUPP)
 * @param devices whether device nodes can be made (else EPERM); none is ever opened
 */
public record ExportOptions(boolean readOnly, As as, List<NamePattern> hidden, boolean attributes, boolean devices) {
    /** All that the user of this endpoint can do. */
    public static final ExportOptions ALL = new ExportOptions(false, As.SELF, List.of(), true, true);

    public ExportOptions {
        hidden = List.copyOf(hidden);
    }

    /** The same, for reading only or not. */
    public ExportOptions withReadOnly(boolean only) {
        return new ExportOptions(only, as, hidden, attributes, devices);
    }

    /** The same, dealt with as somebody. */
    public ExportOptions withAs(As who) {
        return new ExportOptions(readOnly, who, hidden, attributes, devices);
    }

    /** The same, with these names hidden. */
    public ExportOptions withHidden(List<NamePattern> names) {
        return new ExportOptions(readOnly, as, names, attributes, devices);
    }

    /** The same without extended attributes. */
    public ExportOptions withoutAttributes() {
        return new ExportOptions(readOnly, as, hidden, false, devices);
    }

    /** The same where no device nodes can be made. */
    public ExportOptions withoutDevices() {
        return new ExportOptions(readOnly, as, hidden, attributes, false);
    }
}
