package dev.ninetunnel.endpoint.control;

import dev.ninetunnel.cache.port.HolderStatus;
import dev.ninetunnel.link.Traffic;
import dev.ninetunnel.wire.Escaped;
import java.util.stream.Collectors;

/** The status for people: a line for each peer, and what there is to say about it below, indented. */
final class StatusText {
    private final StringBuilder out = new StringBuilder();

    private StatusText() {}

    static String of(Status status) {
        StatusText text = new StatusText();
        text.line("endpoint " + status.id() + ", process " + status.process());
        status.warnings().forEach(warning -> text.line("warning: " + Escaped.of(warning)));
        status.door().ifPresent(door -> text.line("at the door: " + door.handshakes() + " handshakes in progress, "
                + door.refused() + " connections refused, " + door.turnedAway() + " turned away as too many"));
        status.leases().ifPresent(leases -> text.line("leases granted: " + leases.out() + " out, " + leases.granted()
                + " replies with one, " + leases.recalls() + " asked back, " + leases.overdue() + " of them overdue"));
        status.exports().forEach(export -> text.line("exports " + (export.name().isEmpty() ? "" : export.name() + ": ")
                + Escaped.of(export.where())));
        for (Status.PeerStatus peer : status.peers()) {
            text.peer(status, peer);
        }
        for (Status.ServingStatus client : status.plainClients()) {
            text.line(Escaped.of(client.link()) + ": an ordinary 9P client");
            text.served(client);
        }
        return text.out.toString();
    }

    private void line(String line) {
        out.append(line).append('\n');
    }

    private void peer(Status status, Status.PeerStatus peer) {
        line(peer.name() + ": " + Escaped.of(peer.state()).replace("\\x0a", " "));
        if (!status.exports().isEmpty()) {
            line("  may use here   " + (peer.rights().isEmpty()
                    ? "nothing"
                    : peer.rights().entrySet().stream().map(right -> Escaped.of(right.getValue().on(right.getKey())))
                            .collect(Collectors.joining(", "))));
        }
        peer.away().ifPresent(away -> line("  away           for " + Durations.rough(away) + "; " + waits(peer)));
        peer.session().ifPresent(session -> {
            session.link().ifPresent(
                    link -> line("  link           " + Escaped.of(link.where()) + ", " + link.tls()));
            line("  session        for " + Durations.rough(session.age()) + ", resumed " + session.resumes()
                    + " times, " + session.keptBytes() + " bytes kept");
            session.lastContact().ifPresent(ago -> line("  last contact   " + Durations.rough(ago) + " ago"));
            session.link().flatMap(Status.LinkStatus::roundTrip)
                    .ifPresent(time -> line("  round trip     " + Durations.millis(time) + " ms"));
        });
        line("  used here by   " + peer.localClients() + " local clients, " + peer.fids() + " fids, " + peer.tags()
                + " requests open");
        peer.cache()
                .ifPresent(cache -> line("  cache          " + cache.bytes() + " of " + cache.mostBytes() + " bytes, "
                        + cache.leases() + " leases held, " + cache.breaks() + " taken back; " + cache.hits()
                        + " requests answered here, " + cache.misses() + " not" + writes(cache)));
        peer.mount().ifPresent(mount -> line("  mount          " + Escaped.of(mount.directory()) + ": "
                + Escaped.of(mount.state())));
        status.servingOf(peer).ifPresent(this::served);
    }

    private static String writes(HolderStatus cache) {
        return cache.writesBehind() == 0
                ? ""
                : "; " + cache.writesBehind() + " writes behind, " + cache.writesFailed() + " failed";
    }

    /** What a peer that is away keeps waiting. */
    private static String waits(Status.PeerStatus peer) {
        return peer.session().flatMap(Status.SessionStatus::left)
                .map(left -> peer.tags() + " requests wait, for " + Durations.rough(left) + " more at most")
                .orElse("requests are refused");
    }

    private void served(Status.ServingStatus served) {
        line("  used there by  " + served.fids() + " fids, " + served.requests() + " requests open");
        line("  sent           " + amount(served.sent()));
        line("  received       " + amount(served.received()));
    }

    private static String amount(Traffic.Amount amount) {
        return amount.requests() + amount.replies() + " messages, " + amount.bytes() + " bytes";
    }
}
