package manual;

import java.time.LocalDate;
import java.util.Locale;

/** What stands at the edges of each page. */
record Footer(String version, LocalDate date) {
    /** The line that begins a page. */
    String title(String page, int section) {
        return ".TH " + Roff.text(page.toUpperCase(Locale.ROOT)) + " " + section + " \"" + date + "\" \"ninetunnel "
                + Roff.text(version) + "\" \"ninetunnel manual\"\n";
    }
}
