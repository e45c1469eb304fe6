package dev.ninetunnel.fuse.lease;

/** The rules for what the kernel keeps, each of which a test can leave out, to see that it would be missed. */
enum Rule {
    /** 31: the kernel is told before a lease is given up. */
    KERNEL_TOLD_BEFORE_ACK,
    /** 32: what the kernel takes up after it was told is not kept. */
    KERNEL_KEEPS_NO_LATE_REPLY,
    /** 35: the kernel keeps nothing beyond the term. */
    KERNEL_TERM
}
