/**
 * A small 9P client, for the command line and for tests.
 */
package dev.ninetunnel.client;
