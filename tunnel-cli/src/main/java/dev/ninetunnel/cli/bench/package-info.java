/**
 * {@code ninetunnel bench}: load on a 9P server, what came of it, and the same through other tunnels for comparison.
 * A {@link dev.ninetunnel.cli.bench.Scene} says what is asked at the same time, a
 * {@link dev.ninetunnel.cli.bench.Target} whom, a {@link dev.ninetunnel.cli.bench.Measurement} does it once; a
 * {@link dev.ninetunnel.cli.bench.Comparison} does it to several in turn.
 */
package dev.ninetunnel.cli.bench;
