/**
 * One TLS connection to a peer: dialling and accepting it, and the splitter that turns its one stream into two
 * 9P conversations going opposite ways by the low bit of the message type.
 */
package dev.ninetunnel.link;
