package dev.ninetunnel.audit;

/** What goes on record about one peer in one session. Any thread; nothing here waits for a disk. */
public final class Trail {
    /** Nothing does. */
    public static final Trail NONE = Audit.NONE.trail(Who.NOBODY);

    private final Audit audit;
    private final Who who;

    Trail(Audit audit, Who who) {
        this.audit = audit;
        this.who = who;
    }

    /** Whether there is any record: where a record takes work to make, the caller asks first. */
    public boolean isOn() {
        return audit.isOn();
    }

    /** Whether each change of a file is to be on record. */
    public boolean changes() {
        return audit.changes();
    }

    /** Puts something on record. */
    public void note(Event event) {
        audit.note(who, event);
    }
}
