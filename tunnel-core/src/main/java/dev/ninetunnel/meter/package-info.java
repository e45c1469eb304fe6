/** What is counted on the loop as messages pass: by type, and how long the answers take. Costs a message no new object. */
package dev.ninetunnel.meter;
