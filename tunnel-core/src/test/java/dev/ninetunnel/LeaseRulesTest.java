package dev.ninetunnel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The table of docs/leases: each rule is seen by the tests that it names. */
class LeaseRulesTest {
    private static final Path TABLE = Path.of("../docs/leases/README.md");
    private static final Path TESTS = Path.of("src/test/java/dev/ninetunnel");
    private static final List<String> SWITCHES = List.of("lease", "cache", "fuse.lease");
    private static final Pattern ROW = Pattern.compile("\\| (\\d*) ?\\| ([A-Z_, ]+[A-Z]).* \\| (.*) \\|");
    private static final Pattern TEST = Pattern.compile("`([A-Za-z]+Test)`");

    private static final Pattern CASE_ROW = Pattern.compile("\\| (\\d+) \\| [^|]*[a-z][^|]* \\| ([^|]+) \\|");
    /** In a string, which is a test's name, or the beginning of one. */
    private static final Pattern CASES = Pattern.compile("\"[^\"\\n]*?\\bcases? (\\d+(?:(?:, | and )\\d+)*)");

    private record Row(String number, List<String> rules, List<String> tests, boolean isSwitched) {}

    private static List<Row> rows() throws IOException {
        List<Row> rows = new ArrayList<>();
        for (String line : Files.readAllLines(TABLE)) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                rows.add(new Row(row.group(1), List.of(row.group(2).split(", ")),
                        TEST.matcher(row.group(3)).results().map(test -> test.group(1)).toList(),
                        !row.group(3).startsWith("no switch")));
            }
        }
        return rows;
    }

    private static Stream<String> switches() throws ClassNotFoundException {
        List<String> names = new ArrayList<>();
        for (String room : SWITCHES) {
            for (Object rule : Class.forName("dev.ninetunnel." + room + ".Rule").getEnumConstants()) {
                names.add(rule.toString());
            }
        }
        return names.stream().distinct();
    }

    private static String source(String test) throws IOException {
        try (Stream<Path> all = Files.walk(TESTS)) {
            Path found = all.filter(path -> path.endsWith(test + ".java")).findFirst()
                    .orElseThrow(() -> new AssertionError("there is no " + test));
            return Files.readString(found);
        }
    }

    @Test
    @DisplayName("the table has all 35 rules, and all that can be left out")
    void isWhole() throws Exception {
        assertThat(rows().stream().map(Row::number).filter(number -> !number.isEmpty()))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 35).mapToObj(String::valueOf).toList());
        assertThat(rows().stream().filter(Row::isSwitched).flatMap(row -> row.rules().stream()))
                .containsExactlyInAnyOrderElementsOf(switches().toList());
    }

    @Test
    @DisplayName("the table has all 30 cases, and each test that it names has one by that name")
    void cases() throws IOException {
        List<String> numbers = new ArrayList<>();
        for (String line : Files.readAllLines(TABLE)) {
            Matcher row = CASE_ROW.matcher(line);
            if (row.matches()) {
                String number = row.group(1);
                numbers.add(number);
                List<String> tests = TEST.matcher(row.group(2)).results().map(test -> test.group(1)).toList();
                assertThat(tests).as("case %s", number).isNotEmpty();
                for (String test : tests) {
                    assertThat(CASES.matcher(source(test)).results()
                            .flatMap(found -> Stream.of(found.group(1).split(", | and ", -1))))
                            .as("cases in %s", test).contains(number);
                }
            }
        }
        assertThat(numbers)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 30).mapToObj(String::valueOf).toList());
    }

    @Test
    @DisplayName("the tests that it names are there, and the first leaves the rule out where it can be")
    void isTrue() throws Exception {
        for (Row row : rows()) {
            assertThat(row.tests()).as("%s", row.rules()).isNotEmpty();
            for (String test : row.tests()) {
                assertThat(source(test)).isNotEmpty();
            }
            if (row.isSwitched()) {
                assertThat(source(row.tests().getFirst())).contains(row.rules());
            }
        }
    }
}
