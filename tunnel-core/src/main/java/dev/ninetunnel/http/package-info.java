/**
 * A small HTTP server for what an endpoint tells on this machine: few connections, small requests, and none that a page of
 * another site has made a browser send.
 */
package dev.ninetunnel.http;
