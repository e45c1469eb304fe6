package dev.ninetunnel.serve;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.lease.Ask;
import dev.ninetunnel.lease.Behind;
import dev.ninetunnel.lease.Change;
import dev.ninetunnel.lease.Grant;
import dev.ninetunnel.lease.Granter;
import dev.ninetunnel.lease.Waiter;
import dev.ninetunnel.serve.tree.ListedDirectory;
import dev.ninetunnel.serve.tree.NamesAlone;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.LeaseKinds;
import dev.ninetunnel.wire.MessageType;
import io.netty.buffer.ByteBuf;
import java.util.Set;

/** What a request has to do with leases until it is over. Used on the event loop only. */
sealed interface LeasePart {
    /**
     * The request is over, and what was changed by now has been heard of.
     *
     * @param reply stays its owner's; null if there is none
     * @param want the leases that were asked for with it
     * @return what may be kept of the reply
     */
    Grant over(Granter granter, ByteBuf reply, int want);

    /** A read that wants a lease. */
    record Read(Ask ask, Set<Errno> errors) implements LeasePart {
        @Override
        public Grant over(Granter granter, ByteBuf reply, int want) {
            if (reply != null && says(reply, errors)) {
                return granter.answer(ask, want);
            }
            granter.cancel(ask);
            return Grant.NONE;
        }
    }

    /** A read of what another has for itself alone. */
    record Wait(Waiter waiter) implements LeasePart {
        @Override
        public Grant over(Granter granter, ByteBuf reply, int want) {
            granter.cancel(waiter);
            return Grant.NONE;
        }
    }

    /** A directory that is listed with what is leased of its files. */
    record Listing(ListedDirectory directory, ListingAsks asks) implements LeasePart {
        @Override
        public Grant over(Granter granter, ByteBuf reply, int want) {
            asks.over(directory, reply);
            return Grant.NONE;
        }
    }

    /** A change that others may have to hear of first. */
    record Write(Change change, NamesAlone names) implements LeasePart {
        @Override
        public Grant over(Granter granter, ByteBuf reply, int want) {
            if (names.isKnown() && reply != null && says(reply, Set.of())) {
                return granter.carriedOut(change, want);
            }
            granter.end(change);
            return Grant.NONE;
        }
    }

    /**
     * A request that may have the file for itself alone, when others have given it up as for a change.
     *
     * @param written null if it only reads
     */
    record Alone(Change change, Ask ask, Behind written) implements LeasePart {
        @Override
        public Grant over(Granter granter, ByteBuf reply, int want) {
            if (written != null) {
                granter.end(written);
            }
            Grant grant = Grant.NONE;
            if (reply != null && says(reply, Set.of())) {
                grant = granter.answer(ask, written == null ? ~0 : LeaseKinds.EXCLUSIVE);
            } else {
                granter.cancel(ask);
            }
            granter.end(change);
            return grant;
        }
    }

    /** A write that was told as done before it came. */
    record Late(Behind behind) implements LeasePart {
        @Override
        public Grant over(Granter granter, ByteBuf reply, int want) {
            granter.end(behind);
            return Grant.NONE;
        }
    }

    /** A change that began when there was no watcher. */
    record Unseen() implements LeasePart {
        @Override
        public Grant over(Granter granter, ByteBuf reply, int want) {
            granter.endUnseen();
            return Grant.NONE;
        }
    }

    /** Whether a reply says what was asked, or one of the errors that are leased instead. */
    private static boolean says(ByteBuf reply, Set<Errno> errors) {
        MessageType type = MessageType.of(reply);
        return errors.isEmpty()
                ? type != MessageType.RLERROR && type != MessageType.RERROR
                : type == MessageType.RLERROR && errors.contains(Errno.of(Frame.int32(reply, Frame.HEADER)));
    }
}
