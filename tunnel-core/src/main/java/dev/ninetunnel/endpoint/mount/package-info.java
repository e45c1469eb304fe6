/** The mounts that an endpoint keeps of its peers' files, each by a process of its own. */
package dev.ninetunnel.endpoint.mount;
