package dev.ninetunnel.endpoint.ui;

import dev.ninetunnel.audit.AuditConfig;
import dev.ninetunnel.export.Export;
import dev.ninetunnel.export.Rights;
import dev.ninetunnel.identity.Peer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an endpoint was told to be and do.
 *
 * @param exports all that it offers
 * @param rights of each peer, where they are not the same for all
 * @param trusted the peers that it lets in
 * @param audit where a record is kept, if one is
 * @param listens where it does
 */
public record Told(List<Export> exports, Optional<Map<String, Rights>> rights, List<Peer> trusted,
        Optional<AuditConfig> audit, List<String> listens) {}
