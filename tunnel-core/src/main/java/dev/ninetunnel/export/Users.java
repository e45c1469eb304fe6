package dev.ninetunnel.export;

import dev.ninetunnel.identity.IdentityException;
import dev.ninetunnel.identity.WatchedFile;
import dev.ninetunnel.wire.Text;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The names of users and groups that 9P2000 shows instead of numbers, from the system's own files. A number without a
 * name is shown as a number. Safe for use by many threads.
 */
public final class Users {
    private final Table users;
    private final Table groups;

    Users(Path passwd, Path group) {
        this.users = new Table(passwd);
        this.groups = new Table(group);
    }

    public Text user(int uid) {
        return users.name(uid);
    }

    public Text group(int gid) {
        return groups.name(gid);
    }

    OptionalInt uid(Text name) {
        return users.number(name);
    }

    public OptionalInt gid(Text name) {
        return groups.number(name);
    }

    /** One file of lines {@code name:password:number:...}; it is read again when it has changed and something is not found. */
    private static final class Table {
        private record Content(Map<Integer, Text> names, Map<Text, Integer> numbers) {}

        private final WatchedFile<Content> file;

        Table(Path file) {
            this.file = new WatchedFile<>(file, new Content(Map.of(), Map.of()), Table::read);
        }

        Text name(int number) {
            Text name = file.known().names.get(number);
            if (name == null) {
                name = fresh().names.get(number);
            }
            return name != null ? name : Text.of(Integer.toUnsignedString(number));
        }

        OptionalInt number(Text name) {
            Integer number = file.known().numbers.get(name);
            if (number == null) {
                number = fresh().numbers.get(name);
            }
            return number != null ? OptionalInt.of(number) : decimal(name.utf8());
        }

        private static OptionalInt decimal(String s) {
            try {
                return OptionalInt.of(Integer.parseUnsignedInt(s));
            } catch (NumberFormatException e) {
                return OptionalInt.empty();
            }
        }

        private Content fresh() {
            try {
                return file.current();
            } catch (IOException | IdentityException e) {
                // What is not known is shown as a number.
                return file.known();
            }
        }

        private static Content read(Path file) throws IOException {
            Map<Integer, Text> names = new HashMap<>();
            Map<Text, Integer> numbers = new HashMap<>();
            for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
                String[] fields = line.split(":", 4);
                OptionalInt number = fields.length > 2 ? decimal(fields[2]) : OptionalInt.empty();
                if (number.isPresent() && !fields[0].isEmpty()) {
                    Text name = Text.of(fields[0].getBytes(StandardCharsets.ISO_8859_1));
                    names.putIfAbsent(number.getAsInt(), name);
                    numbers.putIfAbsent(name, number.getAsInt());
                }
            }
            return new Content(names, numbers);
        }
    }
}
