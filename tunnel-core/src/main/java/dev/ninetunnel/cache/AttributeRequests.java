package dev.ninetunnel.cache;

import dev.ninetunnel.cache.known.ReadOnly;
import dev.ninetunnel.cache.known.Replies;
import dev.ninetunnel.cache.port.Pending;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.LeaseKinds;
import dev.ninetunnel.wire.MessageType;
import dev.ninetunnel.wire.Text;
import io.netty.buffer.ByteBuf;
import java.util.List;

/** What is asked of a file but its content: attributes, where a link leads, extended attributes that it lacks, and to be opened. */
final class AttributeRequests {
    private static final int TOLD = LeaseKinds.ATTRIBUTES | LeaseKinds.NAMES;

    private final CachedClient client;
    private final TreesAhead trees;
    private final Holder holder;

    AttributeRequests(CachedClient client, TreesAhead trees) {
        this.client = client;
        this.trees = trees;
        this.holder = client.holder;
    }

    void getattr(Pending request) {
        client.looks = true;
        LocalFid fid = client.first(request);
        if (fid == null) {
            return;
        }
        long mask = Frame.int64(request.frame(), Frame.HEADER + 4);
        Lease lease = fid.lease();
        if (lease != null) {
            lease.isLookedAt = true;
        }
        byte[] known = Lease.answers(lease, LeaseKinds.ATTRIBUTES) ? lease.attributes(mask) : null;
        if (known != null) {
            answer(request, lease, MessageType.RGETATTR, known);
        } else if (!joins(fid, request)) {
            ask(request, fid, new Asking(request, fid) {
                @Override
                void keep(Lease of, MessageType type, ByteBuf reply) {
                    if (type == MessageType.RGETATTR) {
                        of.attributes(Replies.body(reply), mask);
                    }
                }

                @Override
                void settle(boolean worked) {}
            });
        }
    }

    /** Whether what is asked comes with the walk that is on its way, and is of use unless it is found to be of a file that is written. */
    boolean isComing(Pending request) {
        LocalFid fid = client.fid(Frame.int32(request.frame(), Frame.HEADER));
        return fid != null && fid.isUnknown() && fid.along != null && fid.along.isKept();
    }

    /** Whether a request waits for attributes that are on their way. */
    private static boolean joins(LocalFid fid, Pending request) {
        AttributesAlong along = fid.along == null ? fid.name.along : fid.along;
        return along != null && along.join(fid, request);
    }

    void readlink(Pending request) {
        LocalFid fid = client.first(request);
        if (fid == null) {
            return;
        }
        if (Lease.answers(fid.lease(), LeaseKinds.ATTRIBUTES) && fid.lease().target != null) {
            answer(request, fid.lease(), MessageType.RREADLINK, fid.lease().target);
        } else {
            ask(request, fid, new Asking(request, fid) {
                @Override
                void keep(Lease of, MessageType type, ByteBuf reply) {
                    if (type == MessageType.RREADLINK) {
                        of.target = Replies.body(reply);
                    }
                }

                @Override
                void settle(boolean worked) {}
            });
        }
    }

    /** Extended attributes that a file has are not kept; which it does not have is. */
    void xattrwalk(Pending request) {
        ByteBuf frame = request.frame();
        LocalFid fid = client.first(request);
        if (fid == null) {
            return;
        }
        int number = Frame.int32(frame, Frame.HEADER + 4);
        if (!client.mayMake(request, number)) {
            return;
        }
        Text name = nameOf(frame);
        client.attributes.add(name);
        Integer errno = lacks(fid.lease(), name);
        if (errno != null) {
            holder.used(fid.lease(), client.far);
            request.answer(client.replies.error(errno));
            return;
        }
        LocalFid made = new LocalFid(client);
        made.far = client.farFids.fresh();
        Frame.int32(frame, Frame.HEADER + 4, made.far.number);
        client.put(number, made);
        ask(request, fid, new Asking(request, fid) {
            @Override
            void keep(Lease of, MessageType type, ByteBuf reply) {
                if (type == MessageType.RLERROR) {
                    of.withoutAttribute(name, Frame.int32(reply, Frame.HEADER));
                }
            }

            @Override
            void settle(boolean worked) {
                made.far.bound = worked;
                if (!worked) {
                    client.forget(number, made);
                    client.farFids.free(made.far);
                }
            }

            @Override
            void gone() {
                client.forget(number, made);
                made.far.failed = true;
            }
        });
    }

    /** Whether it is known that a file has no such extended attribute. */
    boolean isLacking(Pending request) {
        LocalFid fid = client.fid(Frame.int32(request.frame(), Frame.HEADER));
        return fid != null && lacks(fid.lease(), nameOf(request.frame())) != null;
    }

    private static Text nameOf(ByteBuf txattrwalk) {
        return Text.read(txattrwalk.slice().skipBytes(Frame.HEADER + 8));
    }

    /** The error of asking for an extended attribute, if that is known, which no write changes; or null. */
    private static Integer lacks(Lease lease, Text name) {
        boolean isKnown = lease != null && lease.isGood(LeaseKinds.ATTRIBUTES) && lease.inode.changes.isEmpty();
        return isKnown ? lease.withoutAttribute().get(name) : null;
    }

    /** A file that this attach has opened for reading before is opened here, while its attributes are known. */
    void lopen(Pending request) {
        LocalFid fid = client.first(request);
        if (fid == null) {
            return;
        }
        int flags = Frame.int32(request.frame(), Frame.HEADER + 4);
        boolean reads = ReadOnly.is(flags, fid.qid == null || fid.qid.isDirectory());
        if (!reads || fid.isOpen()) {
            new Change(client, request).begin();
            return;
        }
        if (Lease.answers(fid.lease(), LeaseKinds.ATTRIBUTES) && fid.lease().opened != null) {
            fid.flags = flags;
            fid.lease().readers.add(fid);
            fid.readerOf = List.of(fid.lease());
            answer(request, fid.lease(), MessageType.RLOPEN, fid.lease().opened);
            return;
        }
        client.farFids.make(fid);
        client.farFids.own(fid);
        fid.flags = flags;
        fid.far.opened = true;
        ask(request, fid, new Asking(request, fid) {
            @Override
            void keep(Lease of, MessageType type, ByteBuf reply) {
                if (type == MessageType.RLOPEN) {
                    of.opened = Replies.body(reply);
                }
            }

            @Override
            void settle(boolean worked) {
                if (!worked) {
                    notOpen();
                }
            }

            @Override
            void gone() {
                notOpen();
            }

            private void notOpen() {
                fid.flags = LocalFid.NOT_OPEN;
                fid.far.opened = false;
            }
        });
    }

    private void answer(Pending request, Lease lease, MessageType type, byte[] body) {
        holder.used(lease, client.far);
        client.lend(request, lease, TOLD);
        request.answer(client.replies.of(type, body));
    }

    private void ask(Pending request, LocalFid fid, Asking asked) {
        holder.missed();
        trees.missed(fid);
        client.pass(request, fid, LeaseKinds.ATTRIBUTES | (fid.qid != null && fid.qid.isDirectory()
                ? LeaseKinds.NAMES
                : 0), asked);
    }

    /** Waits for what is known by a lease on the attributes. */
    private abstract class Asking extends Ask {
        private final Pending request;
        private final LocalFid fid;

        Asking(Pending request, LocalFid fid) {
            super(AttributeRequests.this.holder, fid.qid == null
                    ? null
                    : AttributeRequests.this.holder.inode(fid.qid.path()), false);
            this.request = request;
            this.fid = fid;
        }

        @Override
        final ByteBuf take(MessageType type, ByteBuf reply, int got, long number) {
            settle(type != MessageType.RLERROR);
            if (got != 0 && isKept() && fid.qid != null && !fid.isStale()) {
                Lease lease = fid.adopt(holder, got, number);
                if (lease.holds(LeaseKinds.ATTRIBUTES)) {
                    keep(lease, type, reply);
                    holder.grown(lease);
                }
                if (type != MessageType.RLERROR) {
                    client.lend(request, lease, TOLD);
                }
            }
            return client.replies.about(fid.fault(), reply);
        }

        /** What the reply means for fids. */
        abstract void settle(boolean worked);

        /** Keeps what the reply tells. */
        abstract void keep(Lease lease, MessageType type, ByteBuf reply);
    }
}
