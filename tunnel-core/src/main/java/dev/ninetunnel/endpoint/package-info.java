/**
 * A running endpoint, made of the other rooms; the entry point for programs.
 */
package dev.ninetunnel.endpoint;
