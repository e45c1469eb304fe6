/** Invitations: what the inviter keeps, what the invited is given, and how one is redeemed. */
package dev.ninetunnel.identity.invitation;
