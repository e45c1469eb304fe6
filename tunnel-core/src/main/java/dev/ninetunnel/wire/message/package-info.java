/** Each 9P message as a record with its codec beside it, under {@code Tmessage} and {@code Rmessage}. */
package dev.ninetunnel.wire.message;
