package dev.ninetunnel.cache.behind;

/** What writes behind come by: an open file of a local client. */
public interface Writer {
    /** Something that was written by it, or to the same file while it wrote there, was not carried out. */
    void failed(int errno);

    /** For people, with nothing in it that a terminal would obey. */
    String name();
}
