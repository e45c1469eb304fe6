package dev.ninetunnel.endpoint;

import dev.ninetunnel.serve.Exports;
import dev.ninetunnel.serve.Quota;

/** What one peer may use here. */
record Offer(Exports exports, Quota quota) {}
