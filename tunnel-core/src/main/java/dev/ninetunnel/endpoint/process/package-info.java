/** What an endpoint has to do with the system that it runs on: as whom it runs, what it hears of it, and what it tells it. */
package dev.ninetunnel.endpoint.process;
