package dev.ninetunnel.cache.behind;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The writes behind to one file. Those that the far side has not answered come by one fid, for only such keep their order there. Belongs to
 * the loop of the client role.
 */
public final class FileWrites {
    private final WritesBehind all;
    private final long path;
    /** Those that are open. */
    private final Set<Writer> writers = new LinkedHashSet<>(2);
    private Writer latest;
    private int outstanding;
    private long bytes;
    private int awaited;
    private boolean isLogged;

    /** Of the file with this path of its qid; none yet. */
    public FileWrites(WritesBehind all, long path) {
        this.all = all;
        this.path = path;
    }

    /** Whether the far side has answered all of them. */
    public boolean areDone() {
        return outstanding == 0;
    }

    /** Whether there are none, and nobody who would have to hear if one had failed. */
    public boolean areOver() {
        return outstanding == 0 && writers.isEmpty();
    }

    /** Whether a write of so many bytes may be sent now. */
    public boolean mayTake(Writer by, int count) {
        return awaited == 0 && (outstanding == 0 || latest.equals(by))
                && all.hasRoom(bytes, count + WritesBehind.OVERHEAD);
    }

    /** It is sent. */
    public void sent(Writer by, int count) {
        writers.add(by);
        latest = by;
        outstanding++;
        bytes += count + WritesBehind.OVERHEAD;
        all.sent(count + WritesBehind.OVERHEAD);
    }

    /**
     * The far side has answered one, or will not.
     *
     * @param errno 0 if it was carried out
     */
    public void answered(Writer by, int count, int errno) {
        outstanding--;
        bytes -= count + WritesBehind.OVERHEAD;
        all.answered(count + WritesBehind.OVERHEAD);
        if (errno != 0) {
            all.failed(by, errno, !isLogged);
            isLogged = true;
            List.copyOf(writers).forEach(each -> each.failed(errno));
            if (writers.isEmpty()) {
                all.untold(path, errno);
            }
        }
    }

    /** Who is not among the writers, and has to hear if one of those that are under way fails. */
    public void hears(Writer other) {
        writers.add(other);
    }

    /** From now on nothing more is taken, because somebody waits until all of them are done. */
    public void await() {
        awaited++;
    }

    /** Who waited does not any more. */
    public void awaitNoMore() {
        awaited--;
    }

    /**
     * It is closed.
     *
     * @param errno the failure of which its program was not told; else 0
     */
    public void closed(Writer writer, int errno) {
        writers.remove(writer);
        if (errno != 0 && writers.isEmpty()) {
            all.untold(path, errno);
        }
    }
}
