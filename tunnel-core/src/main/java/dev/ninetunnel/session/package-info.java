/**
 * What goes on with one peer, over however many links: the opening of a link ({@code DialledLink}, {@code AcceptedLink}),
 * what was sent and received ({@code Ledger}), and the two roles on whatever link there is ({@code Session}).
 */
package dev.ninetunnel.session;
