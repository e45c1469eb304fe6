/** Options that several commands have. */
package dev.ninetunnel.cli.options;
