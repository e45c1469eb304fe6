/** The status page of an endpoint, for the person at this machine: who may see it, what it shows, and what can be done there. */
package dev.ninetunnel.endpoint.ui;
