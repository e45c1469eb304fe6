/** What is in files, on its way between the kernel and the server. */
package dev.ninetunnel.fuse.data;
