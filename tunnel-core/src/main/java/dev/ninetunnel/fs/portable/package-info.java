/**
 * Directories of this machine, served by java.nio: for macOS, Windows, and Linux without the calls of its own backend.
 */
package dev.ninetunnel.fs.portable;
