/** Who may see and do what: exports, the users that a peer may act as, and what a peer is granted. */
package dev.ninetunnel.export;
