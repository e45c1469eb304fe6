/**
 * Linux's system calls, through the foreign function API: their numbers and one binding for all ({@link
 * dev.ninetunnel.linux.Syscall}), a thread's memory for arguments and results ({@link dev.ninetunnel.linux.CallMemory}), and a
 * method for each call in the classes named Calls, which know no policy: the caller says what a call may be given. Then
 * what this process asks of the kernel for itself: its privileges, its terminal, its own files, news of the network.
 */
package dev.ninetunnel.linux;
