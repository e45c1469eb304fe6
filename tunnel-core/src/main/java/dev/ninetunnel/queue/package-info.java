/**
 * What waits for a link that is slower than those who send, and which of it is next: small frames first, bulk in turn by bytes,
 * frames that name a common fid in order. One scheduler serves the frames before a link and the requests of a local client.
 */
package dev.ninetunnel.queue;
