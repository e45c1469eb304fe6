/**
 * A small 9P client, for the command line, the tests and the benchmarks. {@code NineClient} is a conversation: many
 * requests under way, each with a future. {@code RemoteFiles} does with it what people do with files, in 9P2000.L or
 * 9P2000, one blocking method a deed. Neither trusts the server: what it answers is held against what was asked.
 */
package dev.ninetunnel.client;
