package dev.ninetunnel.cli.config;

import dev.ninetunnel.cache.behind.WriteBehind;
import dev.ninetunnel.cli.MountPoint;
import dev.ninetunnel.cli.options.CacheSize;
import dev.ninetunnel.cli.options.ExportOption;
import dev.ninetunnel.cli.options.MountOptions;
import dev.ninetunnel.cli.options.RouteOptions;
import dev.ninetunnel.endpoint.Granted;
import dev.ninetunnel.endpoint.LocalAddress;
import dev.ninetunnel.endpoint.PeerConfig;
import dev.ninetunnel.endpoint.mount.MountConfig;
import dev.ninetunnel.export.Export;
import dev.ninetunnel.export.Grant;
import dev.ninetunnel.export.Rights;
import dev.ninetunnel.fuse.FuseMount;
import dev.ninetunnel.identity.Peer;
import dev.ninetunnel.identity.PeerId;
import dev.ninetunnel.link.dial.Destination;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The tables {@code [peer.NAME]}: who they are, where they are dialled, and what they may do. */
final class PeerSections {
    /** A key for names that are checked before theirs is known. */
    private static final PeerId NOBODY = new PeerId("0".repeat(64));

    private final Path folder;
    private final List<Export> exports;
    private final boolean looking;
    private final Map<PeerId, String> names = new HashMap<>();
    private final Map<Path, String> mounts = new HashMap<>();

    /** With the folder that relative paths begin in, what can be allowed, and whether to look if directories are there. */
    PeerSections(Path folder, List<Export> exports, boolean looking) {
        this.folder = folder;
        this.exports = exports;
        this.looking = looking;
    }

    List<PeerConfig> read(Section top) {
        List<PeerConfig> peers = new ArrayList<>();
        top.table("peer").ifPresent(all -> all.keys().forEach(name -> all.table(name).ifPresent(section -> {
            all.attempt(name, () -> new Peer(NOBODY, name));
            peers.add(peer(name, section));
            section.end();
        })));
        return peers;
    }

    private PeerConfig peer(String name, Section section) {
        Optional<PeerId> key = section.read("id", PeerId::parse);
        key.ifPresent(id -> {
            String other = names.putIfAbsent(id, name);
            if (other != null) {
                section.wrong("id", "the peer " + other + " has this key already");
            }
        });
        List<LocalAddress> locals = new ArrayList<>();
        section.texts("local").forEach(
                text -> section.attempt("local", () -> there(LocalAddress.parse(text))).ifPresent(locals::add));
        Optional<Destination> dial = dial(section);
        boolean resume = section.flag("resume", true);
        Rights rights = new Rights(grants(section), limits(section), resume);
        OptionalLong cache = section.read("cache", CacheSize::parse).map(OptionalLong::of)
                .orElseGet(OptionalLong::empty);
        Optional<WriteBehind> writeBehind = section.read("write-behind", PeerSections::writeBehind);
        return new PeerConfig(name, key, dial, locals, rights, cache, writeBehind, mount(name, section));
    }

    private static WriteBehind writeBehind(String text) {
        return switch (text) {
            case "off" -> WriteBehind.OFF;
            case "mounts" -> WriteBehind.MOUNTS;
            case "all" -> WriteBehind.ALL;
            default -> throw new IllegalArgumentException("'" + text
                    + "' does not say whose writes are answered before the peer has them: write mounts, all or off");
        };
    }

    /** A directory, or a table that says more. */
    private Optional<MountConfig> mount(String peer, Section section) {
        if (!section.isTable("mount")) {
            return section.read("mount", text -> mounted(peer, text, "", ""));
        }
        return section.table("mount").flatMap(table -> {
            String source = table.text("source").orElse("");
            String options = table.text("options").orElse("");
            if (!table.has("directory")) {
                section.wrong("mount", "[" + table.path() + "] needs a directory = \"DIR\"");
            }
            Optional<MountConfig> mount = table.read("directory", text -> mounted(peer, text, source, options));
            table.end();
            return mount;
        });
    }

    private MountConfig mounted(String peer, String text, String source, String options) {
        MountPoint point = MountPoint.of(folder.resolve(ExportOption.underHome(text)));
        String other = mounts.putIfAbsent(point.directory(), peer);
        if (other != null) {
            throw new IllegalArgumentException("the files of " + other + " are to be mounted there as well");
        }
        boolean mayHoldFiles = MountOptions.parse(options, false).nonEmpty();
        if (looking) {
            requireMountable(point, mayHoldFiles);
        }
        return new MountConfig(point.directory(), source, options);
    }

    /** Does not look into a mount of this program's, which may wait for its peer. */
    private static void requireMountable(MountPoint point, boolean mayHoldFiles) {
        try {
            FuseMount.requireAvailable();
        } catch (IOException e) {
            throw new IllegalArgumentException("nothing can be mounted: " + e.getMessage(), e);
        }
        if (!point.isOurs()) {
            point.requireRoom(mayHoldFiles);
        }
    }

    private LocalAddress there(LocalAddress address) {
        if (looking && address instanceof LocalAddress.Unix unix) {
            Path directory = unix.path().toAbsolutePath().getParent();
            if (directory == null || !Files.isDirectory(directory)) {
                throw new IllegalArgumentException(
                        "the directory " + directory + " is not there, and no socket can be made in it");
            }
        }
        return address;
    }

    private Optional<Destination> dial(Section section) {
        String address = section.text("dial").orElse(null);
        String proxy = section.text("proxy").orElse(null);
        Path credentials = section.text("proxy-credentials")
                .map(text -> folder.resolve(ExportOption.underHome(text))).orElse(null);
        String via = section.text("via").orElse(null);
        if (address == null && via == null) {
            if (proxy != null || credentials != null) {
                section.wrong(proxy == null ? "proxy-credentials" : "proxy",
                        "a proxy is of no use without dial = \"HOST:PORT\"");
            }
            return Optional.empty();
        }
        return section.attempt(address == null ? "via" : "dial",
                () -> RouteOptions.to(address, proxy, credentials, via, System.getenv()));
    }

    private Map<String, Grant> grants(Section peer) {
        Map<String, Grant> grants = new LinkedHashMap<>();
        peer.table("allow").ifPresent(allow -> allow.keys().forEach(name -> {
            Optional<Grant> grant = allow.isTable(name)
                    ? allow.table(name).flatMap(section -> grant(allow, name, section))
                    : allow.read(name, text -> new Grant(Grant.Access.parse(text), "", List.of(), Optional.empty()));
            grant.flatMap(g -> allow.attempt(name, () -> {
                Granted.of(exports, new Rights(Map.of(name, g), Rights.Limits.STANDARD, true));
                return g;
            })).ifPresent(g -> grants.put(name, g));
        }));
        return grants;
    }

    private static Optional<Grant> grant(Section allow, String name, Section section) {
        Optional<Grant.Access> access = section.read("access", Grant.Access::parse);
        if (!section.has("access")) {
            allow.wrong(name, "[" + section.path() + "] needs access = \"ro\" or \"rw\"");
        }
        String within = section.text("subtree").orElse("");
        List<String> speakFor = section.texts("speak-for");
        Optional<String> as = section.text("as");
        section.end();
        return access.flatMap(a -> allow.attempt(name, () -> new Grant(a, within, speakFor, as)));
    }

    private static Rights.Limits limits(Section peer) {
        Rights.Limits usual = Rights.Limits.STANDARD;
        Section section = peer.table("limits").orElse(null);
        if (section == null) {
            return usual;
        }
        long attaches = section.amount("attaches", usual.attaches());
        long fids = section.amount("fids", usual.fids());
        long bytes = section.amount("bytes-in-flight", usual.bytesInFlight());
        long requests = section.amount("requests-per-second", usual.requestsPerSecond());
        section.end();
        return peer.attempt("limits", () -> new Rights.Limits(clamp(attaches), clamp(fids), bytes, clamp(requests)))
                .orElse(usual);
    }

    private static int clamp(long number) {
        return (int) Math.min(number, Integer.MAX_VALUE);
    }
}
