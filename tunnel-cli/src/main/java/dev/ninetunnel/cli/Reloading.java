package dev.ninetunnel.cli;

import dev.ninetunnel.cli.process.ProcessSignal;
import dev.ninetunnel.endpoint.Endpoint;

/** Has an endpoint that runs without a file read its keys, certificates and lists again when it is asked to. */
final class Reloading {
    private Reloading() {}

    /** From now on, on SIGHUP, and when {@code ninetunnel reload} asks. Before the endpoint's sockets are posted. */
    static void onSignal(Endpoint endpoint) {
        ProcessSignal.on("HUP", endpoint::reload);
        endpoint.onReload(endpoint::reload);
    }
}
