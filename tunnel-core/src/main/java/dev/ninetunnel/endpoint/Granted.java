package dev.ninetunnel.endpoint;

import dev.ninetunnel.export.Export;
import dev.ninetunnel.export.ExportOptions;
import dev.ninetunnel.export.Grant;
import dev.ninetunnel.export.Rights;
import dev.ninetunnel.export.RunAsRule;
import dev.ninetunnel.export.SpeakFor;
import dev.ninetunnel.wire.Text;
import java.util.ArrayList;
import java.util.List;

/** What a peer's rights make of the exports: those that it is granted, with what holds for it. */
public final class Granted {
    private Granted() {}

    /**
     * The exports as this peer has them.
     *
     * @throws IllegalArgumentException with a message for people, if a grant is of nothing, or names users that cannot be
     */
    public static List<Export> of(List<Export> exports, Rights rights) {
        rights.grants().keySet().stream().filter(name -> exports.stream().noneMatch(e -> e.name().equals(name)))
                .findFirst().ifPresent(name -> {
                    throw new IllegalArgumentException("nothing is exported under the name \"" + name + "\"");
                });
        List<Export> granted = new ArrayList<>();
        for (Export export : exports) {
            Grant grant = rights.grants().get(export.name());
            if (grant != null) {
                granted.add(new Export(export.name(), narrowed(export.target(), grant)));
            }
        }
        return granted;
    }

    private static Export.Target narrowed(Export.Target target, Grant grant) {
        return switch (target) {
            case Export.Target.Directory d -> new Export.Target.Directory(d.path(), narrowed(d.options(), grant));
            case Export.Target.Upstream u -> {
                if (grant.as().isPresent()) {
                    throw new IllegalArgumentException(
                            "as whom an upstream server acts is for that server to say: leave "
                                    + "as out");
                }
                yield new Export.Target.Upstream(u.address(), narrowed(u.options(), grant));
            }
        };
    }

    private static ExportOptions narrowed(ExportOptions options, Grant grant) {
        ExportOptions narrowed = options.withReadOnly(options.readOnly() || grant.access() == Grant.Access.READ_ONLY)
                .withWithin(grant.path().stream().map(Text::of).toList());
        if (!grant.speakFor().isEmpty()) {
            narrowed = narrowed.withSpeakFor(SpeakFor.of(grant.speakFor()));
        }
        return grant.as().isEmpty() ? narrowed : narrowed.withAs(as(grant.as().get(), narrowed));
    }

    private static RunAsRule as(String who, ExportOptions options) {
        return switch (who) {
            case "self" -> RunAsRule.SELF;
            case "attach" -> options.as() instanceof RunAsRule.Attach already
                    ? already
                    : new RunAsRule.Attach(options.speakFor().orElseThrow(() -> new IllegalArgumentException(
                            "as = \"attach\" lets the peer say as whom it acts, but not whom it may be: add speak-for = "
                                    + "[\"alice\", \"1000-1999\"]"))
                            .numbers());
            default -> RunAsRule.One.of(who);
        };
    }
}
