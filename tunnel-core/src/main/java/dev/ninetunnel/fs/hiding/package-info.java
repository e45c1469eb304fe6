/** A tree as it is but for some names, which are as if they did not exist. */
package dev.ninetunnel.fs.hiding;
