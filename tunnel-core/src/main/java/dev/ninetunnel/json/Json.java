package dev.ninetunnel.json;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Values as JSON (RFC 8259), on one line and in printing ASCII, so that they can be shown anywhere. Any thread. */
public final class Json {
    private Json() {}

    /**
     * A value: a {@link Map} is an object, in its order, a {@link List} an array; numbers, booleans and null are what they are,
     * and all else is the text that its {@code toString} gives.
     */
    public static String of(Object value) {
        return switch (value) {
            case null -> "null";
            case Map<?, ?> object -> {
                List<String> members = new ArrayList<>();
                object.forEach((name, member) -> members.add(quoted(String.valueOf(name)) + ":" + of(member)));
                yield "{" + String.join(",", members) + "}";
            }
            case List<?> array -> "[" + String.join(",", array.stream().map(Json::of).toList()) + "]";
            case Double number when !Double.isFinite(number) -> "null";
            case Number number -> number.toString();
            case Boolean truth -> truth.toString();
            default -> quoted(value.toString());
        };
    }

    /** An object of names and their values in turn, in that order; a name whose value is null is left out. */
    public static Map<String, Object> object(Object... namesAndValues) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            if (namesAndValues[i + 1] != null) {
                object.put((String) namesAndValues[i], namesAndValues[i + 1]);
            }
        }
        return object;
    }

    /** All but printing ASCII is written by its number. */
    private static String quoted(String text) {
        StringBuilder out = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                default -> {
                    if (c < ' ' || c > '~') {
                        out.append("\\u").append(HexFormat.of().toHexDigits(c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.append('"').toString();
    }
}
