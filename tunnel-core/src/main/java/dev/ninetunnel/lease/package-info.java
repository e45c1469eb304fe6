/**
 * Leases: who has been promised to be told before what it knows of a file changes, and what waits for that. One owner decides
 * for all files of the endpoint ({@link dev.ninetunnel.lease.Granter}); what is done to a file is done elsewhere.
 */
package dev.ninetunnel.lease;
