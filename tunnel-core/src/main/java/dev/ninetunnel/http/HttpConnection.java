package dev.ninetunnel.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection: a request at a time, the next one read when the answer to it is out. On the server's loop. */
final class HttpConnection extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(HttpConnection.class);
    /** How long a request may take to come, from the end of the one before, and its answer to be taken. */
    private static final long PATIENCE_SECONDS = 10;

    private final Pages pages;
    /** Those that have come while another is being answered: what one read can bring. */
    private final Queue<FullHttpRequest> waiting = new ArrayDeque<>(0);
    private ScheduledFuture<?> deadline;
    private boolean answering;

    HttpConnection(Pages pages) {
        this.pages = pages;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        setDeadline(ctx);
    }

    private void setDeadline(ChannelHandlerContext ctx) {
        deadline = ctx.executor().schedule(() -> ctx.close(), PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        deadline.cancel(false);
        waiting.forEach(FullHttpRequest::release);
        waiting.clear();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
        if (answering) {
            waiting.add(request.retain());
        } else {
            begin(ctx, request);
        }
    }

    private void begin(ChannelHandlerContext ctx, FullHttpRequest request) {
        answering = true;
        ctx.channel().config().setAutoRead(false);
        deadline.cancel(false);
        boolean more = HttpUtil.isKeepAlive(request) && request.decoderResult().isSuccess();
        boolean head = request.method().equals(HttpMethod.HEAD);
        answer(ctx, request).whenCompleteAsync((answer, fault) -> {
            if (fault != null) {
                LOG.error("a fault in this program: a request by HTTP could not be answered", fault);
            }
            send(ctx, fault == null ? answer : Answer.text(500, "a fault in this program: its log says more"), head,
                    more);
        }, ctx.executor());
    }

    private CompletableFuture<Answer> answer(ChannelHandlerContext ctx, FullHttpRequest request) {
        if (request.decoderResult().isFailure()) {
            return done(400, "this is no request of HTTP/1.1, or one that is too long");
        }
        if (!HostCheck.permits(request.headers().get(HttpHeaderNames.HOST),
                (InetSocketAddress) ctx.channel().localAddress())) {
            return done(421, "the Host of the request is not one of this server's: ask for 127.0.0.1 or localhost");
        }
        try {
            QueryStringDecoder uri = new QueryStringDecoder(request.uri());
            return pages.answer(new Visit(request.method().name(), uri.path(), uri.parameters(),
                    request.headers().copy(), request.content().toString(StandardCharsets.UTF_8)));
        } catch (IllegalArgumentException e) {
            return done(400, "what is asked for is written wrongly");
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static CompletableFuture<Answer> done(int status, String why) {
        return CompletableFuture.completedFuture(Answer.text(status, why));
    }

    private void send(ChannelHandlerContext ctx, Answer answer, boolean head, boolean more) {
        FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(answer.status()),
                head ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(answer.body()));
        response.headers().set(HttpHeaderNames.CONTENT_LENGTH, answer.body().length)
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store").set("x-content-type-options", "nosniff");
        answer.headers().forEach(response.headers()::set);
        if (!more) {
            response.headers().set(HttpHeaderNames.CONNECTION, "close");
        }
        setDeadline(ctx);
        ctx.writeAndFlush(response).addListener(sent -> {
            deadline.cancel(false);
            if (sent.isSuccess() && more) {
                next(ctx);
            } else {
                ctx.close();
            }
        });
    }

    private void next(ChannelHandlerContext ctx) {
        answering = false;
        FullHttpRequest next = waiting.poll();
        if (next == null) {
            setDeadline(ctx);
            ctx.channel().config().setAutoRead(true);
            return;
        }
        try {
            begin(ctx, next);
        } finally {
            next.release();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) {
            LOG.debug("a connection by HTTP is lost: {}", cause.getMessage());
        } else {
            LOG.debug("a connection by HTTP is closed", cause);
        }
        ctx.close();
    }
}
