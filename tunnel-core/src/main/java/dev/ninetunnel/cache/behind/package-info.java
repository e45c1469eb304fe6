/** Writes of which programs have been told that they are done before the far side has them: how many there may be, and what fails. */
package dev.ninetunnel.cache.behind;
