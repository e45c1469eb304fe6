package dev.ninetunnel.cli.options;

import dev.ninetunnel.cli.process.UserPlaces;
import dev.ninetunnel.export.Export;
import dev.ninetunnel.export.Export.Address;
import dev.ninetunnel.export.Export.Target;
import dev.ninetunnel.export.ExportOptions;
import dev.ninetunnel.link.HostPort;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what {@code --export} and {@code --upstream} are given. */
public final class ExportOption {
    private static final Pattern NAMED = Pattern.compile("([^/=]+)=(.*)");
    private static final Pattern SEPARATOR = Pattern.compile("(?<!\\\\),");
    private static final String READ_ONLY = ":ro";
    private static final String READ_WRITE = ":rw";

    private ExportOption() {}

    /** {@code [NAME=]PATH[:ro][,OPTION]...}; a comma that separates nothing has a backslash before it. */
    static Export directory(String text) {
        List<String> parts = Arrays.stream(SEPARATOR.split(text, -1)).map(p -> p.replace("\\,", ",")).toList();
        String place = parts.getFirst();
        Matcher named = NAMED.matcher(place);
        String path = named.matches() ? named.group(2) : place;
        boolean readOnly = path.endsWith(READ_ONLY);
        if (readOnly || path.endsWith(READ_WRITE)) {
            path = path.substring(0, path.length() - READ_ONLY.length());
        }
        if (path.isEmpty()) {
            throw new IllegalArgumentException(
                    "--export '" + text + "' names no directory: write [NAME=]PATH[:ro][,OPTION]...");
        }
        Path directory = underHome(path).toAbsolutePath().normalize();
        String name = named.matches() ? named.group(1) : ownName(directory);
        ExportOptions options = DirectoryOptions.read("--export '" + text + "'",
                parts.subList(1, parts.size()));
        return new Export(name,
                new Target.Directory(directory, readOnly ? options.withReadOnly(true) : options));
    }

    private static String ownName(Path directory) {
        return directory.getFileName() == null ? "root" : directory.getFileName().toString();
    }

    /** The shell leaves a tilde alone behind {@code NAME=}. */
    public static Path underHome(String path) {
        return path.equals("~") || path.startsWith("~/")
                ? Path.of(UserPlaces.own().home() + path.substring(1))
                : Path.of(path);
    }

    /** {@code [NAME=]tcp:HOST:PORT}, {@code [NAME=]unix:PATH}, {@code [NAME=]exec:COMMAND}. */
    static Export upstream(String text) {
        Matcher named = Pattern.compile("([^/=:]+)=(.*)", Pattern.DOTALL).matcher(text);
        String name = named.matches() ? named.group(1) : "";
        String address = named.matches() ? named.group(2) : text;
        return new Export(name, new Target.Upstream(address(text, address)));
    }

    /** {@code tcp:HOST:PORT}, {@code unix:PATH}, {@code exec:COMMAND}, of what was typed. */
    public static Address address(String text, String address) {
        if (address.startsWith("tcp:")) {
            HostPort at = HostPort.parse(address.substring(4));
            String host = at.host().isEmpty() ? "127.0.0.1" : at.host();
            return new Address.Tcp(InetSocketAddress.createUnresolved(host, at.port()));
        }
        if (address.startsWith("unix:") && address.length() > 5) {
            return new Address.Unix(Path.of(address.substring(5)).toAbsolutePath());
        }
        if (address.startsWith("exec:") && address.length() > 5) {
            return new Address.Exec(address.substring(5));
        }
        throw new IllegalArgumentException(
                "--upstream '" + text + "': write [NAME=] and tcp:HOST:PORT, unix:PATH or exec:COMMAND");
    }
}
