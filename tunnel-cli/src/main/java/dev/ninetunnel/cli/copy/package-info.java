/** Copies of files and trees between this machine and a peer. */
package dev.ninetunnel.cli.copy;
