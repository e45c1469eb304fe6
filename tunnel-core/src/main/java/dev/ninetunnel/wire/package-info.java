/**
 * The 9P protocol as bytes: one table of message types that knows where every fid stands, access to the header of a
 * frame, the decoder that cuts a stream into frames, and (in {@code wire.message}) a record with its codec for each
 * message. It uses Netty's buffers and codec base and nothing else, holds no state of any conversation, and decides
 * nothing: what a message means is the business of {@code mux} and {@code serve}.
 */
package dev.ninetunnel.wire;
