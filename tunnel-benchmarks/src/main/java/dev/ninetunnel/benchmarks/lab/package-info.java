/**
 * The laboratory: tunnels of several kinds that are set up on this machine and measured side by side, a slow network between
 * their halves, and endpoints with many clients, fids and peers. It uses the load of {@code ninetunnel bench}, and starts
 * endpoints as a user does.
 */
package dev.ninetunnel.benchmarks.lab;
