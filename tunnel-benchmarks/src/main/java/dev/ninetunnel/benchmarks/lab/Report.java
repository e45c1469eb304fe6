package dev.ninetunnel.benchmarks.lab;

import java.io.PrintWriter;
import java.util.List;

/** What was measured, for people and for programs. */
record Report(List<String> lines, String json) {
    void print(PrintWriter out, boolean asJson) {
        if (asJson) {
            out.println(json);
        } else {
            lines.forEach(out::println);
        }
        out.flush();
    }
}
