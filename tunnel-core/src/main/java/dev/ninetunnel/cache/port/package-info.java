/** How requests of a local client come to the cache, and how the cache reaches the far side. */
package dev.ninetunnel.cache.port;
