/** The one exchange of a pairing, on a connection of its own, and what is on record of invitations. */
package dev.ninetunnel.link.pairing;
