package dev.ninetunnel.audit;

/**
 * Whom a record is about; what is empty is not known.
 *
 * @param peer its name here
 * @param id its peer id, 64 hexadecimal digits
 * @param session the first digits of the session's number: enough to tell sessions apart, too few to ask for one
 */
public record Who(String peer, String id, String session) {
    /** About no peer. */
    public static final Who NOBODY = new Who("", "", "");
}
