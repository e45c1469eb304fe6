/** Directories of this machine, served by whichever backend this system allows. */
package dev.ninetunnel.fs.local;
