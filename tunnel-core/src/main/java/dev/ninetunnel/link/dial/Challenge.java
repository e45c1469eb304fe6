package dev.ninetunnel.link.dial;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One way to say who one is that an HTTP proxy offers (RFC 9110, 11.3).
 *
 * <pre>
 * challenge = scheme [ 1*SP ( token68 / #( name BWS "=" BWS ( token / quoted-string ) ) ) ]
 * </pre>
 *
 * @param scheme in small letters
 * @param parameters by their names in small letters; of a quoted string what stands between the quotes
 */
record Challenge(String scheme, Map<String, String> parameters) {
    /** The value of a parameter, or what it stands for when it is absent. */
    String get(String name, String otherwise) {
        return parameters.getOrDefault(name, otherwise);
    }

    /** All that stand in the values of Proxy-Authenticate fields; what is not understood ends its field. */
    static List<Challenge> parse(List<String> fields) {
        List<Challenge> all = new ArrayList<>();
        fields.forEach(field -> new Reader(field).readInto(all));
        return all;
    }

    private static final class Reader {
        private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";
        private static final String TOKEN68_MARKS = "-._~+/=";

        private final String text;
        private int at;

        Reader(String text) {
            this.text = text;
        }

        void readInto(List<Challenge> all) {
            Challenge current = null;
            while (true) {
                skip(" \t,");
                String token = token();
                if (token.isEmpty()) {
                    return;
                }
                int behind = at;
                skip(" \t");
                if (current != null && peek() == '=') {
                    at++;
                    skip(" \t");
                    String value = peek() == '"' ? quoted() : token();
                    if (value == null) {
                        return;
                    }
                    current.parameters.putIfAbsent(token.toLowerCase(Locale.ROOT), value);
                } else {
                    current = new Challenge(token.toLowerCase(Locale.ROOT), new LinkedHashMap<>());
                    all.add(current);
                    if (at > behind) {
                        skipToken68();
                    }
                }
            }
        }

        private char peek() {
            return at < text.length() ? text.charAt(at) : '\0';
        }

        private void skip(String any) {
            while (at < text.length() && any.indexOf(text.charAt(at)) >= 0) {
                at++;
            }
        }

        private String token() {
            int from = at;
            while (at < text.length() && isLetter(text.charAt(at), TOKEN_MARKS)) {
                at++;
            }
            return text.substring(from, at);
        }

        private static boolean isLetter(char c, String marks) {
            return (c < 0x80 && Character.isLetterOrDigit(c)) || marks.indexOf(c) >= 0;
        }

        /** A word that fills its challenge alone, as in Negotiate. */
        private void skipToken68() {
            int from = at;
            while (at < text.length() && isLetter(text.charAt(at), TOKEN68_MARKS)) {
                at++;
            }
            int behind = at;
            skip(" \t");
            if (peek() != '\0' && peek() != ',') {
                at = from;
            } else if (text.substring(from, behind).replaceFirst("=+$", "").indexOf('=') >= 0) {
                at = from;
            }
        }

        /** Null if it does not end. */
        private String quoted() {
            int from = ++at;
            while (at < text.length() && text.charAt(at) != '"') {
                at += text.charAt(at) == '\\' ? 2 : 1;
            }
            if (at >= text.length()) {
                return null;
            }
            return text.substring(from, at++);
        }
    }
}
