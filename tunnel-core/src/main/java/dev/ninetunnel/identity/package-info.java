/**
 * Who an endpoint is and whom it knows: the key and certificate it shows, peer ids, the list of peers, and TLS
 * contexts made from them. It uses Bouncy Castle and Netty's TLS handler and nothing else of ours.
 */
package dev.ninetunnel.identity;
