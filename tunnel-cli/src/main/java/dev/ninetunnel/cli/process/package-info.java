/** This process: its standard streams, its signals, its log and its user. */
package dev.ninetunnel.cli.process;
