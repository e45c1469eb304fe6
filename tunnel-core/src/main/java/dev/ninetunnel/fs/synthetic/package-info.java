/**
 * Trees that are on no disk: a directory that lists what is served, and files whose content is produced when they are
 * opened. Nothing in them can be changed (EROFS); what is mounted in them behaves as it does by itself.
 */
package dev.ninetunnel.fs.synthetic;
