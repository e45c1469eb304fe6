package manual;

import dev.ninetunnel.cli.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Writes the manual pages and what shells complete from the options that the program itself reads, so that neither can lag behind
 * it.
 *
 * <p>Run by the build: {@code java -cp JAR Manual.java PARTS DOCS DIRECTORY VERSION TIME}. PARTS holds what only people can write:
 * further sections of {@code ninetunnel(1)}, and how the shells complete paths of peers. {@code ninetunnel.toml(5)} is made from
 * DOCS. TIME is that of the release (ISO 8601), the date on each page.
 */
final class Manual {
    private final Path parts;
    private final Path docs;
    private final Path directory;
    private final Footer footer;

    private Manual(Path parts, Path docs, Path directory, Footer footer) {
        this.parts = parts;
        this.docs = docs;
        this.directory = directory;
        this.footer = footer;
    }

    public static void main(String[] args) throws IOException {
        LocalDate date = LocalDate.ofInstant(Instant.parse(args[4]), ZoneOffset.UTC);
        new Manual(Path.of(args[0]), Path.of(args[1]), Path.of(args[2]), new Footer(args[3], date)).write(Main.commandLine());
    }

    private void write(CommandLine program) throws IOException {
        String name = program.getCommandName();
        page(name + ".1", new CommandPage(program.getCommandSpec(), footer).text(part(name + ".1")));
        for (CommandSpec command : Shown.commands(program)) {
            page(name + "-" + command.name() + ".1", new CommandPage(command, footer).text(""));
        }
        page(name + ".toml.5", footer.title(name + ".toml", 5)
                + ".SH NAME\n" + Roff.text(name + ".toml - what an endpoint offers, to whom, and whom it dials") + "\n"
                + MarkdownPage.sections(Files.readAllLines(docs.resolve("configuration.md"))));
        page("completion.bash", AutoComplete.bash(name, program).replaceFirst("(?m)^complete .*\\n*\\z", "")
                + part("completion.bash"));
        page("completion.zsh", part("completion.zsh") + new ZshCompletion(program).text());
        page("completion.fish", part("completion.fish") + new FishCompletion(program).text());
    }

    private String part(String name) throws IOException {
        return Files.readString(parts.resolve(name));
    }

    private void page(String name, String text) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve(name), text);
    }
}
