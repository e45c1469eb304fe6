/**
 * What one peer's link carries, put together: the opening exchange of each direction, and where requests and
 * replies go.
 */
package dev.ninetunnel.session;
