/**
 * The client role: local listeners, local clients, and the tag and fid tables by which many of them share the
 * one conversation that a link carries in this direction.
 */
package dev.ninetunnel.mux;
