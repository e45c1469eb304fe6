package dev.ninetunnel.client;

import dev.ninetunnel.errno.SystemWords;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Rreaddir;
import dev.ninetunnel.wire.Wrapped;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Twant;
import dev.ninetunnel.wire.message.Twrite;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;

/**
 * The client's end of a 9P conversation: requests go out as they are handed in, many at a time, and each one's future
 * completes with its reply. Fids are the caller's business; tags are not.
 *
 * <p>The server is not trusted: a frame beyond the msize, a reply of the wrong type or with more in it than was asked
 * for, or one without a request, ends the conversation, and everything under way fails with a
 * {@link ConversationException} that says so. So does the loss of the connection.
 *
 * <p>May be used from any thread. Futures complete on the channel's event loop, which what depends on them must not
 * block. There is no time limit on a reply.
 */
public final class NineClient implements Rpc, AutoCloseable {
    /** To copy so many bytes costs more than to send two pieces. */
    private static final int WORTH_NO_COPY = 16 << 10;

    private final Channel channel;
    private final Requests requests;
    private final Dialect dialect;
    private final boolean extended;
    private final Duration lease;
    private final int msize;

    NineClient(Channel channel, Requests requests, Dialect dialect, boolean extended, Duration lease, int msize) {
        this.channel = channel;
        this.requests = requests;
        this.dialect = dialect;
        this.extended = extended;
        this.lease = lease;
        this.msize = msize;
    }

    /** Hears what becomes of the leases that a server has granted, on the event loop of the client, which it must not block. */
    public interface Recalls {
        /**
         * The server wants a lease back. What comes later was answered later.
         *
         * @param lost a sum of {@link dev.ninetunnel.wire.LeaseKinds}
         * @param givenUp to be run, on any thread, when nothing is taken from what it covered any more
         */
        void recalled(long lease, int lost, Runnable givenUp);

        /** The conversation is over, and with it all leases. */
        void lost();
    }

    /** Event loops for clients, with epoll where that is to be had; to be shut down by the caller. */
    public static EventLoopGroup loops(int threads) {
        return Channels.loops(threads);
    }

    /**
     * Connects to a server and agrees with it on a dialect.
     *
     * @param address a {@link java.net.UnixDomainSocketAddress} or a {@link java.net.InetSocketAddress}
     * @return fails with a {@link ConversationException} if there is no server, or none that agrees, with a
     *         {@link ForeignServerException} if it is of a user who may not answer there, or with a {@link RefusedException}
     *         if it answers with an error
     */
    public static CompletableFuture<NineClient> connect(EventLoopGroup group, SocketAddress address, Offer offer) {
        CompletableFuture<NineClient> client = new CompletableFuture<>();
        if (Channels.fault(address) != null) {
            client.completeExceptionally(unreachable(address, Channels.fault(address), null));
            return client;
        }
        Handshake handshake = new Handshake(Channels.shown(address), offer);
        ChannelFuture connected = Channels.bootstrap(group, address)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) offer.patience().toMillis())
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        handshake.prepare(channel);
                    }
                })
                .connect();
        connected.addListener(done -> {
            if (done.isSuccess()) {
                begin(connected.channel(), address, offer, handshake, client);
            } else {
                client.completeExceptionally(unreachable(address, SystemWords.of(done.cause()), done.cause()));
            }
        });
        return client;
    }

    private static void begin(Channel channel, SocketAddress address, Offer offer, Handshake handshake,
            CompletableFuture<NineClient> client) {
        try {
            Channels.requireServer(channel, address, offer.servers());
        } catch (IOException e) {
            channel.close();
            client.completeExceptionally(e);
            return;
        }
        handshake.begin(channel, client);
    }

    private static ConversationException unreachable(SocketAddress address, String why, Throwable cause) {
        return new ConversationException("cannot reach " + Channels.shown(address) + ": " + why, cause);
    }

    /**
     * Agrees with the server at the other end of a channel that is active, and whose pipeline so far passes bytes, such
     * as one with TLS. The channel belongs to the client from here on.
     */
    public static CompletableFuture<NineClient> over(Channel channel, Offer offer) {
        CompletableFuture<NineClient> client = new CompletableFuture<>();
        String server = channel.remoteAddress() == null ? "the server" : Channels.shown(channel.remoteAddress());
        channel.eventLoop().execute(() -> {
            Handshake handshake = new Handshake(server, offer);
            handshake.prepare(channel);
            handshake.begin(channel, client);
        });
        return client;
    }

    /** The dialect that was agreed on. */
    public Dialect dialect() {
        return dialect;
    }

    /** Whether the server takes the messages of {@link dev.ninetunnel.wire.Extended}. */
    public boolean extended() {
        return extended;
    }

    /**
     * For how long what the server grants is good, from when it was asked for in a {@link dev.ninetunnel.wire.message.Twant}; zero if
     * it grants nothing.
     */
    public Duration lease() {
        return lease;
    }

    /** Has somebody hear when the server wants leases back, before any is asked for. */
    public void hearRecalls(Recalls recalls) {
        try {
            channel.eventLoop().execute(() -> requests.hearRecalls(recalls));
        } catch (RejectedExecutionException _) {
            recalls.lost();
        }
    }

    /** The largest message that was agreed on, in bytes. */
    public int msize() {
        return msize;
    }

    /** How many bytes one Tread or Twrite may carry: the msize less {@value Offer#IO_HEADER}. */
    public int dataSize() {
        return msize - Offer.IO_HEADER;
    }

    /** How many bytes to move with one message, to or from a file that was opened with this iounit. */
    public int chunk(int iounit) {
        return iounit > 0 ? Math.min(iounit, dataSize()) : dataSize();
    }

    /**
     * Sends a request. The data of a Twrite are dealt with as {@link Rpc#send} says.
     *
     * @return its reply, whose data (of an Rread or Rreaddir) are a copy on the heap that nobody has to release; or a
     *         {@link RefusedException} for an Rlerror or Rerror; or a {@link ConversationException}
     */
    public CompletableFuture<Rmessage> send(Tmessage request) {
        return send(request, NineClient::detached);
    }

    @Override
    public <R> CompletableFuture<R> send(Tmessage request, Function<Rmessage, R> use) {
        ByteBuf frame = frame(request);
        Call<R> call = new Call<>(frame, use);
        if (frame.readableBytes() > msize + (request instanceof Twant ? Wrapped.WANT : 0)) {
            call.fail(new IllegalArgumentException(
                    request.type() + " of " + frame.readableBytes() + " bytes, with an msize of " + msize));
        } else {
            onLoop(() -> requests.start(call), call);
        }
        return call.future();
    }

    private ByteBuf frame(Tmessage request) {
        if (request instanceof Twrite write && write.data().isDirect()
                && write.data().readableBytes() > WORTH_NO_COPY) {
            ByteBuf head = channel.alloc().directBuffer(Offer.IO_HEADER);
            write.writeHead(head, 0);
            return channel.alloc().compositeBuffer(2).addComponents(true, head, write.data().retainedSlice());
        }
        ByteBuf frame = channel.alloc().buffer();
        request.write(frame, 0);
        return frame;
    }

    /**
     * Gives up on a request, by the future that {@link #send} returned for it: sends a Tflush. When the future that
     * this returns completes, the request's future has completed too, with a reply that came first or with a
     * {@link java.util.concurrent.CancellationException}.
     */
    public CompletableFuture<Void> flush(CompletableFuture<?> reply) {
        CompletableFuture<Void> flushed = new CompletableFuture<>();
        try {
            channel.eventLoop().execute(() -> requests.flush(reply).whenComplete((_, failure) -> {
                if (failure == null) {
                    flushed.complete(null);
                } else {
                    flushed.completeExceptionally(failure);
                }
            }));
        } catch (RejectedExecutionException e) {
            flushed.completeExceptionally(new ConversationException("this client has been shut down", e));
        }
        return flushed;
    }

    private void onLoop(Runnable task, Call<?> call) {
        try {
            if (onLoop()) {
                task.run();
            } else {
                channel.eventLoop().execute(task);
            }
        } catch (RejectedExecutionException e) {
            call.fail(new ConversationException("this client has been shut down", e));
        }
    }

    /** The reply, whose data (of an Rread or Rreaddir) are a copy on the heap. */
    static Rmessage detached(Rmessage reply) {
        return switch (reply) {
            case Rread read -> new Rread(heapCopy(read.data()));
            case Rreaddir read -> new Rreaddir(heapCopy(read.data()));
            default -> reply;
        };
    }

    private static ByteBuf heapCopy(ByteBuf data) {
        return Unpooled.wrappedBuffer(ByteBufUtil.getBytes(data));
    }

    /** On which everything happens, and the futures complete. */
    public EventLoop loop() {
        return channel.eventLoop();
    }

    /** Whether the caller runs on the loop that completes the futures, and so must not wait for one. */
    boolean onLoop() {
        return channel.eventLoop().inEventLoop();
    }

    /** Closes the connection; what has no reply yet fails. Does not wait, and may be called twice. */
    @Override
    public void close() {
        try {
            channel.eventLoop().execute(() -> requests.end(new ConversationException("this client was closed")));
        } catch (RejectedExecutionException _) {
            channel.close();
        }
    }
}
