/** What local clients are granted of the leases that are held of a peer: what they are asked to give up, and when they have. */
package dev.ninetunnel.cache.loan;
