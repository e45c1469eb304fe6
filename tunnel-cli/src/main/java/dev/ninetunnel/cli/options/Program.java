package dev.ninetunnel.cli.options;

/** The program, as its commands see it. */
public interface Program {
    /** The options that every command has. */
    CommonOptions common();
}
