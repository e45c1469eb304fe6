package dev.ninetunnel.export;

import dev.ninetunnel.fs.filter.NamePattern;
import dev.ninetunnel.wire.Text;
import java.util.List;
import java.util.Optional;

/**
 * What holds in an export. Of an upstream server, what is said of files does not count.
 *
 * @param readOnly nothing can be changed (EROFS)
 * @param as as whom its files are dealt with
 * @param hidden names that are as if they did not exist, in every directory
 * @param attributes whether there are extended attributes (else EOPNOTSUPP)
 * @param devices whether device nodes can be made (else EPERM); none is ever opened
 * @param within the names that lead to the part that is offered; none for the whole
 * @param speakFor whom an attach may name (else EPERM); empty for anybody
 */
public record ExportOptions(boolean readOnly, RunAsRule as, List<NamePattern> hidden, boolean attributes,
        boolean devices,
        List<Text> within, Optional<SpeakFor> speakFor) {
    /** All that the user of this endpoint can do. */
    public static final ExportOptions ALL = new ExportOptions(false, RunAsRule.SELF, List.of(), true, true, List.of(),
            Optional.empty());

    public ExportOptions {
        hidden = List.copyOf(hidden);
        within = List.copyOf(within);
    }

    /** The same, for reading only or not. */
    public ExportOptions withReadOnly(boolean only) {
        return new ExportOptions(only, as, hidden, attributes, devices, within, speakFor);
    }

    /** The same, dealt with as somebody. */
    public ExportOptions withAs(RunAsRule who) {
        return new ExportOptions(readOnly, who, hidden, attributes, devices, within, speakFor);
    }

    /** The same, with these names hidden. */
    public ExportOptions withHidden(List<NamePattern> names) {
        return new ExportOptions(readOnly, as, names, attributes, devices, within, speakFor);
    }

    /** The same without extended attributes. */
    public ExportOptions withoutAttributes() {
        return new ExportOptions(readOnly, as, hidden, false, devices, within, speakFor);
    }

    /** The same where no device nodes can be made. */
    public ExportOptions withoutDevices() {
        return new ExportOptions(readOnly, as, hidden, attributes, false, within, speakFor);
    }

    /** The same, of which only the part below the directory that these names lead to is offered. */
    public ExportOptions withWithin(List<Text> names) {
        return new ExportOptions(readOnly, as, hidden, attributes, devices, names, speakFor);
    }

    /** The same, where only these users may be named. */
    public ExportOptions withSpeakFor(SpeakFor users) {
        return new ExportOptions(readOnly, as, hidden, attributes, devices, within, Optional.of(users));
    }
}
