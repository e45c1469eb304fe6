/** How peers come in: listening, and the limits of what strangers can use up before they have proven who they are. */
package dev.ninetunnel.link.accept;
