/** What Linux's kernel and a file system say to each other (FUSE), and how one is mounted without root. */
package dev.ninetunnel.fuse.kernel;
