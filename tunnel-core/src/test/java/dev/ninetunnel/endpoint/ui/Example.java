package dev.ninetunnel.endpoint.ui;

import dev.ninetunnel.cache.port.HolderStatus;
import dev.ninetunnel.endpoint.control.Status;
import dev.ninetunnel.export.Export;
import dev.ninetunnel.export.Grant;
import dev.ninetunnel.export.Rights;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerId;
import dev.ninetunnel.link.Traffic;
import dev.ninetunnel.tls.TlsInfo;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** An endpoint with three peers in the middle of a day, for pictures: always the same. */
final class Example {
    private static final TlsInfo TLS = new TlsInfo("TLSv1.3", "TLS_AES_256_GCM_SHA384", "X25519MLKEM768");
    private static final long MIB = 1 << 20;

    /** What comes of a wish to pair; nothing comes of others. */
    static final PageActions ACTIONS = new PageActions() {
        @Override
        public void disconnect(String peer) {}

        @Override
        public void revoke(String peer) {}

        @Override
        public String invite(String name, String address) {
            return "echo nt1-EgG7uWIc01EyYsHJFOKnpbTS7lVFxMXbYSAbOJm3IcuXMSE7QtYHnRRJCMx7Kk7oCx808uXH79TR_CBzZXJ2ZXIuZX"
                    + "hhbXBsZS5vcmdiC_qF | ninetunnel accept";
        }
    };

    private Example() {}

    static String state() {
        return PageContent.json(status(), told(), History.since(history().now(), 0));
    }

    private static Status status() {
        Status status = new Status("3899b721cb9731213b42d6079d144908cc7b2a4ee80b1f34f2e5c7efd4d1fc20", 4711,
                List.of(linked("laptop", "203.0.113.7:51312", Duration.ofMinutes(187), 3, 31, Optional.empty()),
                        linked("office", "198.51.100.20:443", Duration.ofHours(71), 0, 12,
                                Optional.of(new Status.MountStatus("/home/ann/office", true, "mounted"))),
                        new Status.PeerStatus("backup", false,
                                "waiting, try 4 in 3.2 s: nobody listens at 192.0.2.9:5640",
                                Optional.of(Duration.ofMinutes(12)), 0, 0, 0, 0, Optional.empty(), Optional.empty(),
                                Optional.empty(), Map.of())),
                List.of(serving("laptop", 41, 18_300 * MIB, 2_210 * MIB), serving("office", 7, 512 * MIB, 940 * MIB)));
        return status.withLeases(Optional.of(new Status.LeaseStatus(214, 18_460, 31, 0)));
    }

    private static Status.PeerStatus linked(String name, String where, Duration age, int resumes, int millis,
            Optional<Status.MountStatus> mount) {
        return new Status.PeerStatus(name, true, "linked", Optional.empty(), 2, 14, 0, 0,
                Optional.of(new Status.SessionStatus(age, resumes, Optional.of(Duration.ofMillis(400)), 0,
                        Optional.empty(),
                        Optional.of(new Status.LinkStatus(where, TLS, Optional.of(Duration.ofMillis(millis)))))),
                Optional.of(new HolderStatus(20_417, 1_401, 377, 41 * MIB, 64 * MIB, 12, 0, 0)), mount, Map.of());
    }

    private static Status.ServingStatus serving(String name, int fids, long sent, long received) {
        return new Status.ServingStatus(name, "", true, fids, 0, new Traffic.Amount(1, 1, sent),
                new Traffic.Amount(1, 1, received));
    }

    private static Told told() {
        Map<String, Rights> rights = new LinkedHashMap<>();
        Grant read = new Grant(Grant.Access.READ_ONLY, "", List.of(), Optional.empty());
        Grant part = new Grant(Grant.Access.READ_WRITE, "projects/blue", List.of(), Optional.empty());
        rights.put("laptop", new Rights(Map.of("data", Grant.ALL, "photos", Grant.ALL), Rights.Limits.STANDARD, true));
        rights.put("office", new Rights(Map.of("data", part), Rights.Limits.STANDARD, true));
        rights.put("backup", new Rights(Map.of("data", read, "photos", read), Rights.Limits.STANDARD, true));
        return new Told(List.of(new Export("data", new Export.Target.Directory(Path.of("/srv/data"), false)),
                new Export("photos", new Export.Target.Directory(Path.of("/home/ann/pictures"), false))),
                Optional.of(rights),
                rights.keySet().stream().map(name -> new Peer(new PeerId("77b0".repeat(16)), name)).toList(),
                Optional.empty(), List.of("*:443"));
    }

    private static History history() {
        Random chance = new Random(9);
        Map<String, long[]> sums = new HashMap<>(Map.of("laptop", new long[4], "office", new long[4]));
        History history = new History(() -> {
            Map<String, History.Amounts> now = new HashMap<>();
            sums.forEach((name, s) -> now.put(name, new History.Amounts(s[0], s[1], s[2], s[3])));
            return now;
        });
        for (int i = 0; i <= History.SAMPLES; i++) {
            double day = Math.max(0, Math.sin(i / 97.0) + Math.sin(i / 23.0) / 2);
            grow(sums.get("laptop"), day * 11 * MIB, (1.2 - day / 2) * MIB, 31, chance);
            grow(sums.get("office"), Math.max(0, Math.cos(i / 61.0)) * MIB / 2, day * 3 * MIB, 12, chance);
            history.sample();
        }
        return history;
    }

    private static void grow(long[] sums, double sent, double received, int millis, Random chance) {
        long answers = 20L + chance.nextInt(50);
        sums[0] += (long) (Math.max(0, sent) * History.STEP * (0.8 + chance.nextDouble() * 0.4));
        sums[1] += (long) (Math.max(0, received) * History.STEP * (0.8 + chance.nextDouble() * 0.4));
        sums[2] += answers;
        sums[3] += (long) (answers * millis * 1e6 * (1.02 + chance.nextDouble() * chance.nextDouble()));
    }
}
