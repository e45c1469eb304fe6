/** The file {@code ninetunnel.toml}. */
package dev.ninetunnel.cli.config;
