/**
 * The client role: local listeners, local clients, and the tag and fid tables by which many of them share the
 * one conversation that a link carries in this direction.
 *
 * <p>The story of a request: {@link dev.ninetunnel.mux.LocalListener} accepts a connection, whose frames come to its
 * {@code LocalClient}. That has a {@code ClientConversation} of the conversation since its Tversion was answered ({@code VersionNegotiation},
 * {@code VersionReply}); there the request waits for its turn ({@code
 * RequestQueue}). {@code LinkConversation} takes it out when the {@code
 * ClientBudget} of the client and the room of all permit. {@code LocalFids} puts the link's fids in place of the client's,
 * {@code TagTable} a tag, and the same buffer goes to the link. The reply is found again by its tag, held against the
 * request ({@code ReplyCheck}), and goes {@code ClientOutput}. When a client leaves, {@code Cleanup} flushes and clunks
 * what it leaves behind. {@link dev.ninetunnel.mux.ClientRole} is the door to all of it.
 */
package dev.ninetunnel.mux;
