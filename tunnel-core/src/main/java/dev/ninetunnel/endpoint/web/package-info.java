/** How what an endpoint tells by HTTP is served: where, and without holding up the session loop. */
package dev.ninetunnel.endpoint.web;
