package dev.ninetunnel.audit;

import dev.ninetunnel.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Something that is on record; docs/audit.md describes each kind. Texts that come from the wire are {@code wire.Escaped} by
 * the class that makes one. What is null or empty is not known, or does not apply, and is left out.
 */
public sealed interface Event {
    /** What is said of it, in order. */
    Map<String, Object> fields();

    /** Its kind. */
    default String kind() {
        return getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    /**
     * Of one peer, events of a kind that are equal in this are alike; {@link #most} of them are written in a minute, and the rest
     * are counted. What it can be is for this side to choose, so that no peer makes up ever new ones.
     */
    default Object alike() {
        return "";
    }

    /** How many that are alike are written in a minute, each by itself. */
    default int most() {
        return 100;
    }

    /** How far a link has come. */
    enum LinkState {
        UP, ENDED
    }

    /**
     * A link, when it is up.
     *
     * @param where the far side is
     * @param dialled whether from here
     * @param program {@code endpoint}, or {@code 9p} for an ordinary 9P program
     * @param tls what protects it
     */
    record Linked(String where, boolean dialled, String program, String tls) implements Event {
        @Override
        public String kind() {
            return "link";
        }

        @Override
        public Object alike() {
            return LinkState.UP;
        }

        @Override
        public Map<String, Object> fields() {
            return of("state", "up", "where", where, "dialled", dialled, "program", program, "tls", tls);
        }
    }

    /**
     * A link, when it has ended.
     *
     * @param how a word: {@code goodbye}, {@code lost}, {@code broken}, {@code refused}, {@code incompatible}, {@code local}
     * @param reason for people
     * @param sent bytes of 9P messages
     * @param received likewise
     */
    record Unlinked(String where, String how, String reason, Duration lasted, long sent, long received)
            implements
                Event {
        @Override
        public String kind() {
            return "link";
        }

        @Override
        public Object alike() {
            return LinkState.ENDED;
        }

        @Override
        public Map<String, Object> fields() {
            return of("state", "ended", "where", where, "how", how, "reason", reason, "seconds",
                    lasted.toMillis() / 1000.0, "sent", sent, "received", received);
        }
    }

    /**
     * A session.
     *
     * @param state {@code begun} or {@code resumed} on a link, or {@code ended}
     * @param where the link leads, of the first two
     */
    record Session(String state, String where, String reason) implements Event {
        @Override
        public Object alike() {
            return state;
        }

        @Override
        public Map<String, Object> fields() {
            return of("state", state, "where", where, "reason", reason);
        }
    }

    /**
     * Somebody was not let in, or was not who was dialled.
     *
     * @param reason a word, such as {@code unknown-peer}
     * @param detail for people
     */
    record Refused(String reason, String where, boolean dialled, String detail) implements Event {
        @Override
        public Object alike() {
            return reason + dialled;
        }

        @Override
        public Map<String, Object> fields() {
            return of("reason", reason, "where", where, "dialled", dialled, "detail", detail);
        }
    }

    /**
     * An invitation.
     *
     * @param state how far it has come, in a word, such as {@code failed}
     * @param name of the one who is invited
     * @param where it was used from
     * @param reason a word, of what failed
     * @param triesLeft of what failed for its secret, else null
     * @param expires when; null where it is used
     */
    record Pairing(String state, String name, String where, String reason, Integer triesLeft, Instant expires)
            implements
                Event {
        @Override
        public Object alike() {
            return state + " " + reason;
        }

        @Override
        public Map<String, Object> fields() {
            return of("state", state, "invited", name, "where", where, "reason", reason, "tries-left", triesLeft,
                    "expires", expires);
        }
    }

    /**
     * An attach.
     *
     * @param export which; empty for the list of all, or where it is not known
     * @param user uname and n_uname, as they were claimed
     * @param as whom files are dealt with: {@code self}, a number of a user, or {@code upstream}
     * @param access {@code ro} or {@code rw}
     * @param errno empty if it was allowed
     * @param why for people, where it was not
     */
    record Attach(String export, String aname, User user, String as, String access, String errno, String why)
            implements
                Event {
        /** As it is claimed; the number is null for none. */
        public record User(String uname, Long number) {}

        private static final int LONGEST = 1000;

        public Attach {
            aname = cut(aname);
            user = new User(cut(user.uname), user.number);
        }

        /** A peer makes them as long as it likes. */
        private static String cut(String text) {
            return text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
        }

        @Override
        public Object alike() {
            return export + "/" + errno;
        }

        @Override
        public Map<String, Object> fields() {
            return of("allowed", errno.isEmpty(), "export", export, "aname", aname, "uname", user.uname, "n_uname",
                    user.number, "as", as, "access", access, "errno", errno, "why", why);
        }
    }

    /**
     * Something that a peer may not do (any more), or not so much of.
     *
     * @param message the type, such as {@code Tlcreate}
     */
    record Denied(String message, String export, String errno) implements Event {
        @Override
        public Object alike() {
            return this;
        }

        @Override
        public int most() {
            return 1;
        }

        @Override
        public Map<String, Object> fields() {
            return of("message", message, "export", export, "errno", errno);
        }
    }

    /**
     * A file or directory was changed, or was to be.
     *
     * @param what was done, such as {@code rename}
     * @param path in the export
     * @param to its new place, the target of a link, or the name of an attribute
     * @param user as claimed: the name, or the number where there is one
     * @param errno empty if it was done
     */
    record Change(String what, String export, String path, String to, String user, String errno) implements Event {
        /** All are written: that is what they are asked for. */
        @Override
        public int most() {
            return Integer.MAX_VALUE;
        }

        /** The same, with what came of it. */
        public Change ended(String with) {
            return new Change(what, export, path, to, user, with);
        }

        @Override
        public Map<String, Object> fields() {
            return of("what", what, "export", export, "path", path, "to", to, "user", user, "done", errno.isEmpty(),
                    "errno", errno);
        }
    }

    /**
     * The endpoint's configuration was read again.
     *
     * @param changes what is otherwise, for people
     * @param fault what is wrong, if it is; things are as they were then
     */
    record Reload(List<String> changes, String fault) implements Event {
        @Override
        public int most() {
            return Integer.MAX_VALUE;
        }

        @Override
        public Map<String, Object> fields() {
            return of("done", fault.isEmpty(), "changes", changes, "fault", fault);
        }
    }

    /** Records that could not be written. */
    record Lost(long records) implements Event {
        @Override
        public Map<String, Object> fields() {
            return of("records", records);
        }
    }

    private static Map<String, Object> of(Object... namesAndValues) {
        Map<String, Object> fields = Json.object(namesAndValues);
        fields.values().removeIf(value -> value.equals("") || value.equals(List.of()));
        return fields;
    }
}
