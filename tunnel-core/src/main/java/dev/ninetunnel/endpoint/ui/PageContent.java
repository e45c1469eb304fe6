package dev.ninetunnel.endpoint.ui;

import dev.ninetunnel.endpoint.control.Status;
import dev.ninetunnel.endpoint.control.StatusJson;
import dev.ninetunnel.export.Export;
import dev.ninetunnel.export.ExportOptions;
import dev.ninetunnel.export.Grant;
import dev.ninetunnel.export.Rights;
import dev.ninetunnel.json.Json;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the page shows, as JSON. Any thread that may read files. */
final class PageContent {
    private static final int RECORD_BYTES = 32 << 10;
    private static final int RECORD_LINES = 40;

    private PageContent() {}

    static String json(Status status, Told told, Map<String, Object> history) {
        Map<String, Object> rest = Json.object(
                "exports", told.exports().stream().map(PageContent::export).toList(),
                "rights", told.rights().map(PageContent::rights).orElse(null),
                "trusted", told.trusted().stream()
                        .map(peer -> Json.object("name", peer.name(), "id", peer.id().hex())).toList(),
                "listens", told.listens(), "record", told.audit().map(audit -> record(audit.file())).orElse(null),
                "history", history);
        return "{\"status\":" + StatusJson.of(status).strip() + ",\"told\":" + Json.of(rest) + "}";
    }

    private static Map<String, Object> export(Export export) {
        return switch (export.target()) {
            case Export.Target.Directory(Path path, ExportOptions options) ->
                Json.object("name", export.name(), "where", path, "readOnly", options.readOnly());
            case Export.Target.Upstream(Export.Address address, ExportOptions options) ->
                Json.object("name", export.name(), "where", address, "readOnly", options.readOnly());
        };
    }

    private static Map<String, Object> rights(Map<String, Rights> rights) {
        Map<String, Object> all = new LinkedHashMap<>();
        rights.forEach((peer, of) -> {
            Map<String, Object> grants = new LinkedHashMap<>();
            of.grants().forEach((export, grant) -> grants.put(export, grant(grant)));
            all.put(peer, grants);
        });
        return all;
    }

    private static Map<String, Object> grant(Grant grant) {
        return Json.object("readOnly", grant.access() == Grant.Access.READ_ONLY, "within",
                grant.within().isEmpty() ? null : grant.within(), "users",
                grant.speakFor().isEmpty() ? null : grant.speakFor());
    }

    /** The last lines of a record, the newest first; none if it cannot be read. */
    static List<String> record(Path file) {
        try (RandomAccessFile record = new RandomAccessFile(file.toFile(), "r")) {
            long start = Math.max(0, record.length() - RECORD_BYTES);
            byte[] end = new byte[(int) (record.length() - start)];
            record.seek(start);
            record.readFully(end);
            List<String> lines = new String(end, StandardCharsets.UTF_8).lines().skip(start > 0 ? 1 : 0).toList();
            return lines.subList(Math.max(0, lines.size() - RECORD_LINES), lines.size()).reversed();
        } catch (IOException e) {
            return List.of();
        }
    }
}
