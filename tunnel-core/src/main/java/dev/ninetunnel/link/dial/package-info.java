/** How a peer is reached: straight, through proxies, or over a command. */
package dev.ninetunnel.link.dial;
