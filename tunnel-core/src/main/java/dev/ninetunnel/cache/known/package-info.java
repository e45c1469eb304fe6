/** What is known of a file's content and of a directory, and how replies are written from it. Leases are told elsewhere. */
package dev.ninetunnel.cache.known;
