/** What several rooms' tests are built from: a scripted 9P peer on a socket or beside an embedded channel. */
package dev.ninetunnel.testing;
