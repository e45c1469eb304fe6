package dev.ninetunnel.lease;

import dev.ninetunnel.fs.ChangeWatch;
import dev.ninetunnel.fs.FileId;
import dev.ninetunnel.wire.LeaseKinds;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** Reads for whose replies leases are wanted, from before they are carried out. Belongs to the owner of the granter. */
final class Asks {
    private final Files files;
    private final LeaseTable table;
    private final Outsiders outsiders;
    private final ChangeWatch watch;
    private final BooleanSupplier changesUnseen;
    private final TakenInTurn inTurn;
    private final Set<Rule> rules;
    private long granted;

    /** With whether changes are under way of which it is not known what they are about. */
    Asks(Files files, LeaseTable table, Outsiders outsiders, ChangeWatch watch, BooleanSupplier changesUnseen,
            TakenInTurn inTurn, Set<Rule> rules) {
        this.inTurn = inTurn;
        this.files = files;
        this.table = table;
        this.outsiders = outsiders;
        this.watch = watch;
        this.changesUnseen = changesUnseen;
        this.rules = rules;
    }

    private boolean on(Rule rule) {
        return rules.contains(rule);
    }

    /** Several at once, with nulls for files that are not read. */
    List<Ask> beginAll(Holder holder, Object attach, List<FileId> ids, int want, Change within) {
        List<Ask> all = new ArrayList<>(ids.size());
        for (FileId id : ids) {
            all.add(id == null ? null : begin(holder, attach, id, want, within));
        }
        table.room().keepFree(holder);
        return all;
    }

    private Ask begin(Holder holder, Object attach, FileId id, int want, Change within) {
        Inode inode = files.of(id);
        inode.asks++;
        Ask ask = new Ask(holder, attach, inode, want & kindsOf(id), within, watch);
        int early = (on(Rule.REGISTER_BEFORE_READ) ? ~LeaseKinds.EXCLUSIVE : 0)
                | (on(Rule.REGISTER_W_BEFORE_CHANGE) ? LeaseKinds.EXCLUSIVE : 0);
        register(ask, ask.want & early);
        return ask;
    }

    Runnable awaitRoom(Holder holder, Object attach, List<FileId> ids, Runnable go) {
        int more = (int) ids.stream().filter(id -> id != null && !isLeased(holder, attach, id)).count();
        Room.Wait wait = table.room().await(holder, more, go);
        return () -> table.room().cancel(wait);
    }

    private boolean isLeased(Holder holder, Object attach, FileId id) {
        Inode inode = files.known(id);
        return inode != null && inode.of(holder, attach) != null;
    }

    private static int kindsOf(FileId id) {
        return switch (id.kind()) {
            case DIRECTORY -> LeaseKinds.ATTRIBUTES | LeaseKinds.NAMES;
            case FILE -> LeaseKinds.ATTRIBUTES | LeaseKinds.DATA | LeaseKinds.EXCLUSIVE;
            case SYMLINK -> LeaseKinds.ATTRIBUTES;
            default -> 0;
        };
    }

    private void register(Ask ask, int want) {
        boolean mayBeAlone = ask.inode.isLeftTo(ask.holder) && !inTurn.isNow(ask.inode.id);
        int kinds = mayBeAlone ? want : want & ~LeaseKinds.EXCLUSIVE;
        if (kinds == 0 || !mayGrant(ask)) {
            return;
        }
        Lease lease = table.register(ask.holder, ask.attach, ask.inode, kinds);
        if (lease != null) {
            ask.lease = lease;
            ask.kinds |= kinds;
        }
    }

    private boolean mayGrant(Ask ask) {
        Inode inode = ask.inode;
        boolean changing = on(Rule.NO_GRANT_DURING_CHANGE)
                && (inode.isChanging(ask.within) || changesUnseen.getAsBoolean());
        return !table.isEnding() && !changing && !ask.holder.ended && ask.holder.silent == 0
                && !inode.isRecalledFrom(ask.holder)
                && !inode.isExclusiveToAnother(ask.holder);
    }

    Grant answer(Ask ask, int kinds) {
        Inode inode = ask.inode;
        register(ask, ask.want & ~ask.kinds & ((on(Rule.REGISTER_BEFORE_READ) ? 0 : ~LeaseKinds.EXCLUSIVE)
                | (on(Rule.REGISTER_W_BEFORE_CHANGE) ? 0 : LeaseKinds.EXCLUSIVE)));
        Look seen = ask.seen();
        boolean inOrder = ask.isInOrder();
        if (on(Rule.SEEN_MEANS_NOTICED) && inOrder && seen != null && inode.known != null
                && !seen.equals(inode.known)) {
            outsiders.notice(inode);
        }
        Lease lease = ask.lease;
        boolean good = seen != null && inode.leases.contains(lease)
                && !(lease.recalled && on(Rule.BREAK_WITHDRAWS_GRANT));
        if (good) {
            inode.known = inOrder ? seen : inode.known;
            lease.told = true;
            granted++;
            over(ask);
            return new Grant(ask.kinds & kinds, lease.number);
        }
        cancel(ask);
        return Grant.NONE;
    }

    void cancel(Ask ask) {
        if (ask.lease != null && !ask.lease.told && !ask.lease.recalled) {
            table.drop(ask.lease);
        }
        over(ask);
    }

    private void over(Ask ask) {
        ask.inode.asks--;
        files.tidy(ask.inode);
    }

    long granted() {
        return granted;
    }
}
