package dev.ninetunnel.serve;

import dev.ninetunnel.fs.FileId;
import dev.ninetunnel.lease.Ask;
import dev.ninetunnel.lease.Grant;
import dev.ninetunnel.lease.Granter;
import dev.ninetunnel.lease.Holder;
import dev.ninetunnel.serve.tree.ListedDirectory;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.LeaseKinds;
import dev.ninetunnel.wire.MessageType;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The leases that are wanted for one directory and its files, from before they are read until the reply leaves. Used on the event
 * loop only.
 */
final class ListingAsks {
    private static final int WANTED = LeaseKinds.ATTRIBUTES | LeaseKinds.NAMES | LeaseKinds.DATA;

    private final Granter granter;
    private final Holder holder;
    private final Object attach;
    private Ask directory;
    private Runnable endWait = () -> {};
    private boolean waits;
    /** Null for those that are none of its files, and of those that have been answered. */
    private List<Ask> entries = List.of();

    ListingAsks(Granter granter, Holder holder, Object attach) {
        this.granter = granter;
        this.holder = holder;
        this.attach = attach;
    }

    Ask ofDirectory(FileId id) {
        directory = granter.ask(holder, attach, id, WANTED);
        return directory;
    }

    /**
     * Goes on when there is room for leases of these: within this call, or later.
     *
     * @param ids with nulls for what is not looked at
     * @param go hears how each is looked at; null for what is not to be, as it cannot be leased now
     */
    void ofEntries(List<FileId> ids, Consumer<List<ListedDirectory.Sight>> go) {
        waits = true;
        endWait = granter.awaitRoom(holder, attach, ids, () -> {
            waits = false;
            go.accept(sights(ids));
        });
    }

    /** Whether it waits for room. */
    boolean isWaiting() {
        return waits;
    }

    private List<ListedDirectory.Sight> sights(List<FileId> ids) {
        entries = granter.askAll(holder, attach, ids, WANTED);
        List<ListedDirectory.Sight> sights = new ArrayList<>(ids.size());
        for (Ask ask : entries) {
            sights.add(ask != null && ask.isRegistered() ? ask::look : null);
        }
        return sights;
    }

    /** The reply leaves, and says what is leased; null or an error if nothing is. It stays its owner's. */
    void over(ListedDirectory listed, ByteBuf reply) {
        endWait.run();
        if (reply != null && Frame.type(reply) == MessageType.RLIST.number()) {
            listed.reply().grant(granter.answer(directory, WANTED), this::answer);
        } else if (directory != null) {
            granter.cancel(directory);
        }
        for (Ask left : entries) {
            if (left != null) {
                granter.cancel(left);
            }
        }
    }

    private Grant answer(int index, int kinds) {
        return granter.answer(entries.set(index, null), kinds);
    }
}
