/** Which peer may do what: written down in one place, and nothing by default. What it means for an export is {@code endpoint}'s. */
package dev.ninetunnel.policy;
