/**
 * The audit log: what is on record of peers and of what they do, one JSON object a line (docs/audit.md). The rooms where it
 * happens say what it was ({@link dev.ninetunnel.audit.Event}); how it is written, and that it never stops or floods anything,
 * is known here alone.
 */
package dev.ninetunnel.audit;
