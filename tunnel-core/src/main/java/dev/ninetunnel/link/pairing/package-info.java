/** The one exchange of a pairing, on a connection of its own. */
package dev.ninetunnel.link.pairing;
