/**
 * How Linux's system calls are made, through the foreign function API: their numbers, one binding for all, and a thread's memory for
 * arguments and results. What a call is for, and what it may be given, is said by those who make it.
 */
package dev.ninetunnel.linux;
