/** Moves and compares what is in an open file, with several requests under way. */
package dev.ninetunnel.client.data;
