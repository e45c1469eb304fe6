package manual;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page of docs/ in the macros of man(7), so that its facts are written once: headings, paragraphs, lists, tables and literal text,
 * as the pages here use them. The title goes: what stands below it is the description.
 */
final class MarkdownPage {
    private static final Pattern INLINE = Pattern.compile("`([^`]+)`|\\*\\*([^*]+)\\*\\*|\\*([^*]+)\\*|\\[([^\\]]+)\\]\\([^)]*\\)");
    /** Which test holds a promise is for those who change the program. */
    private static final Pattern TEST = Pattern.compile(" *\\([^()]*`\\w+(?:Test|IT)`[^()]*\\)");
    private static final Pattern BETWEEN_CELLS = Pattern.compile("(?<!\\\\)\\|");
    private static final Pattern RULE = Pattern.compile("\\|[-| :]+\\|");

    private final StringBuilder out = new StringBuilder(".SH DESCRIPTION\n");
    private final List<String> paragraph = new ArrayList<>();
    private List<String> columns = List.of();
    /** What goes before the next paragraph: nothing right below a heading. */
    private String before = "";

    /** The page's sections. */
    static String sections(List<String> lines) {
        MarkdownPage page = new MarkdownPage();
        boolean literal = false;
        for (String line : lines) {
            if (line.startsWith("```")) {
                page.endParagraph();
                page.out.append(literal ? ".fi\n" : page.before + ".nf\n");
                page.before = ".PP\n";
                literal = !literal;
            } else if (literal) {
                page.out.append(Roff.line(line));
            } else {
                page.add(line);
            }
        }
        page.endParagraph();
        return page.out.toString();
    }

    private void add(String line) {
        if (line.startsWith("#")) {
            endParagraph();
            heading(line);
        } else if (line.startsWith("|")) {
            row(line);
        } else if (line.isEmpty()) {
            endParagraph();
            columns = List.of();
        } else {
            if (line.startsWith("- ")) {
                endParagraph();
                before = ".IP \\(bu 2\n";
            }
            paragraph.add(line.strip().replaceFirst("^- ", ""));
        }
    }

    private void heading(String line) {
        if (!line.startsWith("##")) {
            return;
        }
        String text = line.replaceFirst("^#+ ", "").replace("`", "");
        out.append(line.startsWith("###") ? ".SS " + quoted(text) : ".SH " + quoted(text.startsWith("[") ? text : text.toUpperCase(Locale.ROOT)))
                .append("\n");
        before = "";
    }

    private static String quoted(String text) {
        return "\"" + Roff.text(text) + "\"";
    }

    /** The first row of a table names its columns. Of each other, the first cell is what the rest is about. */
    private void row(String line) {
        if (RULE.matcher(line).matches()) {
            return;
        }
        List<String> cells = BETWEEN_CELLS.splitAsStream(line.substring(1, line.length() - 1))
                .map(cell -> cell.strip().replace("\\|", "|")).toList();
        if (columns.isEmpty()) {
            endParagraph();
            columns = cells;
            return;
        }
        out.append(".TP\n").append(inline(cells.getFirst())).append("\n");
        StringBuilder text = new StringBuilder(cells.get(1));
        for (int i = 2; i < cells.size(); i++) {
            if (!cells.get(i).isEmpty()) {
                text.append(text.isEmpty() ? "" : ". ").append(sentence(columns.get(i))).append(": ").append(cells.get(i));
            }
        }
        out.append(Roff.paragraph(inline(text.append(".").toString())));
        before = ".PP\n";
    }

    private static String sentence(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    private void endParagraph() {
        if (!paragraph.isEmpty()) {
            out.append(before).append(Roff.paragraph(inline(String.join(" ", paragraph))));
            paragraph.clear();
            before = ".PP\n";
        }
    }

    private static String inline(String markdown) {
        StringBuilder line = new StringBuilder();
        String text = TEST.matcher(markdown).replaceAll("");
        Matcher m = INLINE.matcher(text);
        int end = 0;
        while (m.find()) {
            line.append(Roff.text(text.substring(end, m.start())));
            line.append(m.group(1) != null ? Roff.bold(m.group(1))
                    : m.group(2) != null ? Roff.bold(m.group(2))
                    : m.group(3) != null ? Roff.italic(m.group(3))
                    : Roff.text(m.group(4)));
            end = m.end();
        }
        return line.append(Roff.text(text.substring(end))).toString();
    }
}
