/** Trees that show another one otherwise: without some names, or a part of it alone. */
package dev.ninetunnel.fs.filter;
