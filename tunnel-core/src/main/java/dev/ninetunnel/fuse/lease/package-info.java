/**
 * What the kernel may keep of a mounted server's files, by the leases that an endpoint grants: for how long, and what it is told before
 * a lease is given up (docs/coherence.md). The numbers of rules in comments are those of the model there.
 */
package dev.ninetunnel.fuse.lease;
