package dev.ninetunnel.endpoint.control;

import dev.ninetunnel.cache.port.HolderStatus;
import dev.ninetunnel.export.Grant;
import dev.ninetunnel.json.Json;
import dev.ninetunnel.link.Traffic;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The status for programs: one line of JSON (RFC 8259). Spans of time are seconds; what is not known is left out. */
public final class StatusJson {
    private StatusJson() {}

    /** With a line end behind it. */
    public static String of(Status status) {
        return Json.of(Json.object("id", status.id(), "process", status.process(),
                "peers", status.peers().stream().map(peer -> peer(status, peer)).toList(),
                "plainClients", status.plainClients().stream().map(StatusJson::plainClient).toList(),
                "door", status.door().map(StatusJson::door).orElse(null),
                "leases", status.leases().map(StatusJson::leases).orElse(null),
                "exports", status.exports().stream()
                        .map(export -> Json.object("name", export.name(), "where", export.where())).toList(),
                "warnings", status.warnings().isEmpty() ? null : status.warnings())) + "\n";
    }

    private static Map<String, Object> plainClient(Status.ServingStatus client) {
        Map<String, Object> one = Json.object("name", client.name(), "link", client.link());
        one.putAll(served(client));
        return one;
    }

    private static Map<String, Object> leases(Status.LeaseStatus leases) {
        return Json.object("out", leases.out(), "granted", leases.granted(), "recalls", leases.recalls(),
                "overdue", leases.overdue());
    }

    private static Map<String, Object> door(Status.DoorStatus door) {
        return Json.object("handshakes", door.handshakes(), "refused", door.refused(), "turnedAway",
                door.turnedAway());
    }

    private static Map<String, Object> peer(Status status, Status.PeerStatus peer) {
        Map<String, Object> one = Json.object("name", peer.name(), "linked", peer.linked(), "state", peer.state(),
                "away", seconds(peer.away()), "localClients", peer.localClients(), "fids", peer.fids(),
                "requests", peer.tags(), "unexpectedReplies", peer.unexpectedReplies());
        Map<String, Object> rights = new LinkedHashMap<>();
        peer.rights().forEach((export, grant) -> rights.put(export, grant(grant)));
        one.put("rights", rights);
        peer.session().ifPresent(session -> {
            session.link().ifPresent(link -> one.putAll(link(link)));
            one.putAll(session(session));
        });
        peer.cache().ifPresent(cache -> one.put("cache", cache(cache)));
        peer.mount().ifPresent(mount -> one.put("mount", mount(mount)));
        status.servingOf(peer).ifPresent(served -> one.putAll(served(served)));
        return one;
    }

    private static Map<String, Object> grant(Grant grant) {
        return Json.object("access", grant.access() == Grant.Access.READ_ONLY ? "ro" : "rw", "subtree",
                grant.within().isEmpty() ? null : grant.within(), "users",
                grant.speakFor().isEmpty() ? null : grant.speakFor(), "as", grant.as().orElse(null));
    }

    private static Map<String, Object> link(Status.LinkStatus link) {
        return Json.object("where", link.where(), "protocol", link.tls().protocol(), "cipher", link.tls().cipher(),
                "keyExchange", link.tls().keyExchange(), "roundTrip", seconds(link.roundTrip()));
    }

    private static Map<String, Object> session(Status.SessionStatus session) {
        return Json.object("sessionAge", Durations.seconds(session.age()), "resumes", session.resumes(),
                "lastContact", seconds(session.lastContact()), "keptBytes", session.keptBytes(),
                "sessionLeft", seconds(session.left()));
    }

    private static Double seconds(Optional<Duration> span) {
        return span.map(Durations::seconds).orElse(null);
    }

    private static Map<String, Object> mount(Status.MountStatus mount) {
        return Json.object("directory", mount.directory(), "mounted", mount.mounted(), "state", mount.state());
    }

    private static Map<String, Object> cache(HolderStatus cache) {
        return Json.object("bytes", cache.bytes(), "mostBytes", cache.mostBytes(), "leases", cache.leases(),
                "breaks", cache.breaks(), "hits", cache.hits(), "misses", cache.misses(),
                "writesBehind", cache.writesBehind(), "writesFailed", cache.writesFailed());
    }

    private static Map<String, Object> served(Status.ServingStatus served) {
        return Json.object("servedFids", served.fids(), "servedRequests", served.requests(), "sent",
                amount(served.sent()), "received", amount(served.received()));
    }

    private static Map<String, Object> amount(Traffic.Amount amount) {
        return Json.object("messages", amount.requests() + amount.replies(), "bytes", amount.bytes());
    }
}
