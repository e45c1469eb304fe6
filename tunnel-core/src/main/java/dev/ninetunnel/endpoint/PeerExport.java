package dev.ninetunnel.endpoint;

import dev.ninetunnel.export.Exports;
import dev.ninetunnel.serve.Quota;

/** What one peer may use here. */
record PeerExport(Exports exports, Quota quota) {}
