/**
 * {@code ninetunnel bench}: load on a 9P server, and what came of it. A {@link dev.ninetunnel.cli.bench.Scene} says what is
 * asked at the same time, a {@link dev.ninetunnel.cli.bench.Target} whom; a {@link dev.ninetunnel.cli.bench.Bench} measures it.
 */
package dev.ninetunnel.cli.bench;
