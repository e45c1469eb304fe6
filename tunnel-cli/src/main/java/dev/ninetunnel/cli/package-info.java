/** The command line: one class a command, over {@code endpoint} for what runs and {@code client} for what comes and goes. */
package dev.ninetunnel.cli;
