/**
 * The server role. The story of a request: {@link dev.ninetunnel.serve.ServerRole} takes its frame on the event loop and
 * gives it to the {@code Conversation} that the last Tversion began; there it takes a turn in the {@code FidQueue} of each fid that it
 * names, so that requests on one fid keep their order. When it has its turn, {@code Dispatch} finds what the fid stands for:
 * a file of an exported tree, then a worker has it answered by {@link dev.ninetunnel.serve.tree.TreeMessages}; or a fid of an
 * upstream server, then {@code serve.upstream} passes the frame on as it is. Its reply comes back to the loop, which binds the
 * fid that it made, sends it, and lets those behind it go on.
 *
 * <p>Fids begin with an {@code Attach} to what {@link dev.ninetunnel.export.Exports} has under the name that was asked for.
 */
package dev.ninetunnel.serve;
