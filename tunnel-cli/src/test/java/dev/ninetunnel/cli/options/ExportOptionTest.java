package dev.ninetunnel.cli.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ninetunnel.export.Export;
import dev.ninetunnel.export.ExportOptions;
import dev.ninetunnel.export.RunAsRule;
import dev.ninetunnel.export.UserList;
import dev.ninetunnel.fs.filter.NamePattern;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code --export} is given. */
class ExportOptionTest {
    private static final ExportOptions READ_ONLY = ExportOptions.ALL.withReadOnly(true);

    private static ExportOptions as(RunAsRule who) {
        return ExportOptions.ALL.withAs(who);
    }

    static Stream<Arguments> texts() {
        ExportOptions attach = as(new RunAsRule.Attach(UserList.parse("root:1000-1999")));
        ExportOptions hiding = ExportOptions.ALL.withHidden(patterns("*.key", ".git"));
        return Stream.of(Arguments.of("/srv/data", "data", "/srv/data", ExportOptions.ALL),
                Arguments.of("/srv/data:ro", "data", "/srv/data", READ_ONLY),
                Arguments.of("/srv/data:rw", "data", "/srv/data", ExportOptions.ALL),
                Arguments.of("/srv/data,ro", "data", "/srv/data", READ_ONLY),
                Arguments.of("/srv/data:ro,rw", "data", "/srv/data", READ_ONLY),
                Arguments.of("x=/srv/data/,rw", "x", "/srv/data", ExportOptions.ALL),
                Arguments.of("x=/a=b,no-xattr", "x", "/a=b", ExportOptions.ALL.withoutAttributes()),
                Arguments.of("x=/a,no-special", "x", "/a", ExportOptions.ALL.withoutDevices()),
                Arguments.of("/a,hide=*.key,hide=.git", "a", "/a", hiding),
                Arguments.of("/a,hide=[a\\,b]", "a", "/a", ExportOptions.ALL.withHidden(patterns("[a,b]"))),
                Arguments.of("/a,hide=\\*", "a", "/a", ExportOptions.ALL.withHidden(patterns("\\*"))),
                Arguments.of("x=/a\\,b,ro", "x", "/a,b", READ_ONLY),
                Arguments.of("/a,as=self", "a", "/a", ExportOptions.ALL),
                Arguments.of("/a,as=daemon", "a", "/a", as(RunAsRule.One.of("daemon"))),
                Arguments.of("/a,as=1", "a", "/a", as(RunAsRule.One.of("daemon"))),
                Arguments.of("/a,users=root:1000-1999,as=attach,ro", "a", "/a", attach.withReadOnly(true)),
                Arguments.of("/,ro", "root", "/", READ_ONLY));
    }

    private static List<NamePattern> patterns(String... texts) {
        return Stream.of(texts).map(NamePattern::parse).toList();
    }

    @ParameterizedTest
    @MethodSource("texts")
    @DisplayName("an export is a directory with a name and options")
    void read(String text, String name, String path, ExportOptions options) {
        assertThat(ExportOption.directory(text))
                .isEqualTo(new Export(name, new Export.Target.Directory(Path.of(path), options)));
    }

    @ParameterizedTest
    @DisplayName("an export that cannot be is refused with what to write instead")
    @CsvSource(delimiter = '|', value = {"'' | names no directory", "x= | names no directory",
            ",ro | names no directory",
            "/a, | unknown option ''", "/a,readonly | there are ro, rw", "/a,b | a comma in a path",
            "/a,hide | hide=GLOB",
            "/a,ro=1 | unknown option", "/a,hide= | pattern", "/a,hide=b/c | without a slash",
            "/a,as= | nothing behind 'as='", "/a,as=attach | add users=", "/a,users=daemon | without as=attach",
            "/a,as=self,users=daemon | without as=attach", "/a,as=daemon,users=daemon | without as=attach",
            "/a,as=self,as=daemon | twice", "/a,as=no such user | getent", "/a,as=attach,users= | nothing behind",
            "/a,as=attach,users=0-9 | has root in it", "/a,as=attach,users=daemon:no such user | getent"})
    void refused(String text, String advice) {
        assertThatThrownBy(() -> ExportOption.directory(text)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(advice);
    }
}
