/**
 * What all benchmarks have in common. Each is in the package of what it measures, whose types are for that package alone.
 */
package dev.ninetunnel.benchmarks;
