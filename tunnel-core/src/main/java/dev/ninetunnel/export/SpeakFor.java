package dev.ninetunnel.export;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The users that a far side may say its attaches are for. A name counts as the peer writes it, and, if this machine has an
 * account of that name, as that account's number.
 *
 * @param names those that are named
 * @param numbers those whose numbers are named, and the accounts of those named
 * @param everybody whether {@code *} is among them: all but root
 */
public record SpeakFor(Set<String> names, UserList numbers, boolean everybody) {
    public SpeakFor {
        names = Set.copyOf(names);
    }

    /**
     * Reads names, numbers and ranges; {@code *} is everybody but root.
     *
     * @throws IllegalArgumentException with a message for people, if one is none of these
     */
    public static SpeakFor of(List<String> parts) {
        Set<String> names = new HashSet<>();
        List<UserList.Range> ranges = new ArrayList<>();
        for (String part : parts) {
            if (part.isEmpty()) {
                throw new IllegalArgumentException("an empty name stands for no user");
            }
            if (!part.equals("*") && !part.matches("[\\d-]+")) {
                names.add(part);
            }
            try {
                ranges.addAll(UserList.parse(part).ranges());
            } catch (IllegalArgumentException e) {
                // Where files are dealt with as the endpoint's own user, or by another server, a name needs no account.
                if (!names.contains(part)) {
                    throw e;
                }
            }
        }
        return new SpeakFor(names, new UserList(ranges), parts.contains("*"));
    }

    /** Whether an attach that claims this may be made. Root's name is not everybody's. */
    boolean allows(ClaimedUser claimedUser) {
        if (claimedUser.isNumber()) {
            return numbers.allows(claimedUser.number().getAsInt());
        }
        String name = claimedUser.uname().utf8();
        if (name.matches("\\d{1,9}")) {
            return numbers.allows(Integer.parseInt(name));
        }
        return names.contains(name) || (everybody && !name.equals("root"));
    }
}
