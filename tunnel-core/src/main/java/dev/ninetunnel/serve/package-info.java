/**
 * The server role: the fids of one conversation, the messages of 9P2000.L and 9P2000 on the trees of {@code
 * fs}, the exports and their root, and upstream 9P servers.
 */
package dev.ninetunnel.serve;
