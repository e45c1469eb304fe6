/**
 * The error numbers of Linux, and the words for them that 9P2000 sends instead. It stands below {@code wire} and
 * {@code fs}, so that a file tree can say what went wrong without knowing 9P, and 9P can carry it without knowing
 * file trees.
 */
package dev.ninetunnel.errno;
