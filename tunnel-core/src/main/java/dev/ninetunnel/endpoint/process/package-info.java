/** What an endpoint hears of and tells the system that it runs on. */
package dev.ninetunnel.endpoint.process;
