/**
 * What messages do to served trees, for the server role. {@link dev.ninetunnel.serve.tree.TreeMessages} answers a {@link
 * dev.ninetunnel.serve.tree.TreeRequest} on a worker: what all dialects have alike itself, the rest in {@code LinuxMessages}
 * or {@code PlainMessages}. Nothing here knows of queues, tags in use, or the order of requests: the server role sees to that.
 */
package dev.ninetunnel.serve.tree;
