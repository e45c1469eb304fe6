package dev.ninetunnel.serve;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fs.FsException;
import dev.ninetunnel.serve.tree.Replies;

/** Has workers do parts of requests, between which the loop decides how they go on. Used on the event loop only. */
final class RequestSteps {
    /** Workers of one export that look for files by their names, for one conversation. */
    private static final int MOST_WORKERS = 8;

    private final Conversation conversation;
    private final RunningRequests runningRequests;
    private final ServerRole role;

    RequestSteps(Conversation conversation, RunningRequests runningRequests) {
        this.conversation = conversation;
        this.runningRequests = runningRequests;
        this.role = conversation.role();
    }

    /** A part of a request. */
    @FunctionalInterface
    interface Step {
        void run() throws FsException;
    }

    /**
     * Has a worker do a part of a request that does not count as begun, and the loop go on with it. If the part fails, the request
     * is over.
     *
     * @param dropped runs instead if it fails, or the request is over by then
     */
    void onWorker(Request r, Step step, Runnable then, Runnable dropped) {
        WorkerQueue workers = runningRequests.line(runningRequests.tree(r), MOST_WORKERS, () -> true);
        workers.add(new ExportWorkers.Job() {
            private boolean worked;

            @Override
            public boolean isOver() {
                return r.state == Request.State.DONE;
            }

            @Override
            public void begin(int worker) {
                role.onWorker(() -> r.perform(() -> {
                    step.run();
                    worked = true;
                    return null;
                }), error -> {
                    workers.end(worker);
                    if (r.state != Request.State.DONE && worked) {
                        then.run();
                        return;
                    }
                    dropped.run();
                    // It is released where the request is over already.
                    conversation.finish(r, error == null ? Replies.error(r.dialect, r.tag, Errno.ENOMEM) : error);
                });
            }
        });
    }
}
