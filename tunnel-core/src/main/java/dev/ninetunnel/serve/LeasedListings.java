package dev.ninetunnel.serve;

import dev.ninetunnel.lease.Ask;
import dev.ninetunnel.lease.Granter;
import dev.ninetunnel.serve.tree.ListedDirectory;
import dev.ninetunnel.serve.tree.TreeFid;
import dev.ninetunnel.serve.tree.TreeMessages;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Directories that are listed with what is leased of their files, for one conversation. Used on the event loop only. */
final class LeasedListings {
    private final Conversation conversation;
    private final ServerRole role;
    private final TreeMessages messages;
    private final Granter granter;
    private final RequestSteps steps;

    LeasedListings(Conversation conversation, TreeMessages messages, Granter granter, RequestSteps steps) {
        this.conversation = conversation;
        this.role = conversation.role();
        this.messages = messages;
        this.granter = granter;
        this.steps = steps;
    }

    /** Lists one for a far side that may hold leases. */
    void list(Request r) {
        ListedDirectory directory = messages.list(r.onTree);
        ListingAsks asks = new ListingAsks(granter, role.holder(), r.client());
        r.leasing = new LeasePart.Listing(directory, asks);
        if (directory.isFound()) {
            listNames(r, directory, asks);
        } else {
            AtomicReference<TreeFid> found = new AtomicReference<>();
            steps.onWorker(r, () -> found.set(directory.find()), () -> {
                directory.found(found.get());
                listNames(r, directory, asks);
            }, () -> Optional.ofNullable(found.get()).ifPresent(conversation::abandon));
        }
    }

    private void listNames(Request r, ListedDirectory directory, ListingAsks asks) {
        Ask ask = asks.ofDirectory(directory.id());
        steps.onWorker(r, () -> directory.readNames(ask::look), () -> lookAtFiles(r, directory, asks), () -> {});
    }

    private void lookAtFiles(Request r, ListedDirectory directory, ListingAsks asks) {
        asks.ofEntries(directory.ids(), sights -> {
            r.goesOn(role.quota());
            r.work = () -> directory.read(sights, role.loop().ticker()::nanoTime);
            conversation.toWorker(r);
        });
        if (asks.isWaiting()) {
            r.waits(role.quota());
        }
    }
}
