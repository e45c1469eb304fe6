package dev.ninetunnel.link;

import dev.ninetunnel.wire.Escaped;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MalformedMessageException;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Tmessage;
import io.netty.buffer.ByteBuf;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The fields of a message for the trace of frames. They are the components of the message's record, asked for by
 * reflection: slow, and run only while somebody looks, but no message can be forgotten.
 */
final class FrameFields {
    private static final int LONGEST_STRING = 300;

    private FrameFields() {}

    static String of(ByteBuf frame) {
        try {
            StringBuilder shown = new StringBuilder();
            append(shown, (Record) (Frame.isRequest(frame) ? Tmessage.read(frame) : Rmessage.read(frame)));
            return shown.toString();
        } catch (MalformedMessageException e) {
            return " " + e.getMessage();
        }
    }

    private static void append(StringBuilder shown, Record fields) {
        for (RecordComponent component : fields.getClass().getRecordComponents()) {
            try {
                append(shown, component.getName().toLowerCase(Locale.ROOT), component.getAccessor().invoke(fields));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("a record hides a field: " + component, e);
            }
        }
    }

    private static void append(StringBuilder shown, String name, Object value) {
        switch (value) {
            case List<?> list -> list.forEach(element -> shown.append(' ').append(element(element)));
            case Optional<?> optional -> optional.ifPresent(present -> append(shown, name, present));
            case OptionalInt optional -> {
                if (optional.isPresent()) {
                    append(shown, name, optional.getAsInt());
                }
            }
            case Qid qid -> shown.append(' ').append(name).append(' ').append(element(qid));
            case Record nested -> append(shown, nested);
            case Integer number -> shown.append(' ').append(name).append(' ').append(number(name, number));
            case Long number -> shown.append(' ').append(name).append(' ').append(number(name, number));
            default -> shown.append(' ').append(name).append(' ').append(element(value));
        }
    }

    private static String element(Object value) {
        return switch (value) {
            case Text text -> quoted(text);
            case Qid qid -> Integer.toHexString(qid.type()) + '.' + Integer.toHexString(qid.version()) + '.'
                    + Long.toHexString(qid.path());
            case ByteBuf data -> data.readableBytes() + " bytes";
            default -> Escaped.of(value.toString());
        };
    }

    private static String number(String name, int number) {
        if (number == Frame.NOFID && name.endsWith("fid")) {
            return "none";
        }
        return switch (name) {
            case "mode", "perm" -> "0" + Integer.toOctalString(number);
            case "flags", "valid" -> "0x" + Integer.toHexString(number);
            default -> Integer.toUnsignedString(number);
        };
    }

    private static String number(String name, long number) {
        return switch (name) {
            case "mask", "valid" -> "0x" + Long.toHexString(number);
            default -> Long.toUnsignedString(number);
        };
    }

    private static String quoted(Text text) {
        String shown = text.toString();
        String cut = shown.length() > LONGEST_STRING ? shown.substring(0, LONGEST_STRING) + "..." : shown;
        return '"' + cut.replace("\"", "\\\"") + '"';
    }
}
