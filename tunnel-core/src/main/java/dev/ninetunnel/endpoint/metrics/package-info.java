/** What is counted of an endpoint, and how it is told to programs that keep such numbers (Prometheus). */
package dev.ninetunnel.endpoint.metrics;
