/**
 * Upstream 9P servers, to which requests are passed on as they are: {@link dev.ninetunnel.serve.upstream.UpstreamServers} has a
 * connection to each that a conversation uses, and an {@link dev.ninetunnel.serve.upstream.UpstreamRequest} hears what became of
 * it. All on the event loop of the conversation, which is that of the connections' channels.
 */
package dev.ninetunnel.serve.upstream;
