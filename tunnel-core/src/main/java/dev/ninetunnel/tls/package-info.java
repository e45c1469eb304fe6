/** TLS 1.3 for links: handshakes by Bouncy Castle, the trust of one connection, and records of data that go past the library. */
package dev.ninetunnel.tls;
