package dev.ninetunnel.client;

/** Is told how far a transfer has come. Called on the thread that does the transfer. */
@FunctionalInterface
public interface Progress {
    /** Tells nobody. */
    Progress NONE = (_, _) -> {};

    /**
     * So many bytes have arrived in all.
     *
     * @param total how many there will be, by what is known now; 0 if nothing is
     */
    void moved(long bytes, long total);
}
