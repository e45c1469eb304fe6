/** What {@code ninetunnel doctor} looks at on this host. */
package dev.ninetunnel.cli.doctor;
