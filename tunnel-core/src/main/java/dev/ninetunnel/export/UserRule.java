package dev.ninetunnel.export;

/**
 * Which users of this machine a far side may act as. Called on workers, for every attach, by many threads; what it
 * says holds for that attach and what is walked from it.
 */
@FunctionalInterface
public interface UserRule {
    /** Whether the user of this number may be claimed. */
    boolean allows(int uid);
}
