package dev.ninetunnel.endpoint.control;

import dev.ninetunnel.cache.HolderStatus;
import dev.ninetunnel.json.Json;
import dev.ninetunnel.link.Traffic;
import java.util.LinkedHashMap;
import java.util.Map;

/** The status for programs: one line of JSON (RFC 8259). Spans of time are seconds; what is not known is left out. */
final class StatusJson {
    private StatusJson() {}

    static String of(Status status) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("id", status.id());
        all.put("process", status.process());
        all.put("peers", status.peers().stream().map(peer -> peer(status, peer)).toList());
        all.put("plainClients", status.plainClients().stream().map(client -> {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("name", client.name());
            one.put("link", client.link());
            served(client, one);
            return one;
        }).toList());
        status.door().ifPresent(door -> all.put("door", door(door)));
        status.leases().ifPresent(leases -> all.put("leases", leases(leases)));
        if (!status.warnings().isEmpty()) {
            all.put("warnings", status.warnings());
        }
        return Json.of(all) + "\n";
    }

    private static Map<String, Object> leases(Status.LeaseStatus leases) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("out", leases.out());
        one.put("granted", leases.granted());
        one.put("recalls", leases.recalls());
        one.put("overdue", leases.overdue());
        return one;
    }

    private static Map<String, Object> door(Status.DoorStatus door) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("handshakes", door.handshakes());
        one.put("refused", door.refused());
        one.put("turnedAway", door.turnedAway());
        return one;
    }

    private static Map<String, Object> peer(Status status, Status.PeerStatus peer) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("name", peer.name());
        one.put("linked", peer.linked());
        one.put("state", peer.state());
        peer.away().ifPresent(away -> one.put("away", Durations.seconds(away)));
        one.put("localClients", peer.localClients());
        one.put("fids", peer.fids());
        one.put("requests", peer.tags());
        one.put("unexpectedReplies", peer.unexpectedReplies());
        peer.session().ifPresent(session -> {
            session.link().ifPresent(link -> {
                one.put("where", link.where());
                one.put("protocol", link.tls().protocol());
                one.put("cipher", link.tls().cipher());
                one.put("keyExchange", link.tls().keyExchange());
                link.roundTrip().ifPresent(time -> one.put("roundTrip", Durations.seconds(time)));
            });
            one.put("sessionAge", Durations.seconds(session.age()));
            one.put("resumes", session.resumes());
            session.lastContact().ifPresent(ago -> one.put("lastContact", Durations.seconds(ago)));
            one.put("keptBytes", session.keptBytes());
            session.left().ifPresent(left -> one.put("sessionLeft", Durations.seconds(left)));
        });
        peer.cache().ifPresent(cache -> one.put("cache", cache(cache)));
        peer.mount().ifPresent(mount -> one.put("mount", mount(mount)));
        status.servingOf(peer).ifPresent(served -> served(served, one));
        return one;
    }

    private static Map<String, Object> mount(Status.MountStatus mount) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("directory", mount.directory());
        one.put("mounted", mount.mounted());
        one.put("state", mount.state());
        return one;
    }

    private static Map<String, Object> cache(HolderStatus cache) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("bytes", cache.bytes());
        one.put("mostBytes", cache.mostBytes());
        one.put("leases", cache.leases());
        one.put("breaks", cache.breaks());
        one.put("hits", cache.hits());
        one.put("misses", cache.misses());
        return one;
    }

    private static void served(Status.ServingStatus served, Map<String, Object> into) {
        into.put("servedFids", served.fids());
        into.put("servedRequests", served.requests());
        into.put("sent", amount(served.sent()));
        into.put("received", amount(served.received()));
    }

    private static Map<String, Object> amount(Traffic.Amount amount) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("messages", amount.requests() + amount.replies());
        one.put("bytes", amount.bytes());
        return one;
    }
}
