/** What an endpoint tells about itself: its status, as text and as JSON, served as files on a local socket. */
package dev.ninetunnel.endpoint.control;
