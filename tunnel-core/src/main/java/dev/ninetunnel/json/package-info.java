/** Writing JSON (RFC 8259), for programs that read what an endpoint tells. */
package dev.ninetunnel.json;
