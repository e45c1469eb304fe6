package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.MessageType;
import java.util.Locale;

/** The type of a message is the one that its record is named after: {@link Tclunk} is {@link MessageType#TCLUNK}. */
final class NamedType extends ClassValue<MessageType> {
    private static final NamedType OF_CLASS = new NamedType();

    private NamedType() {}

    /** Looked up by name once for each kind of message. */
    static MessageType of(Class<?> message) {
        return OF_CLASS.get(message);
    }

    @Override
    protected MessageType computeValue(Class<?> message) {
        return MessageType.valueOf(message.getSimpleName().toUpperCase(Locale.ROOT));
    }
}
