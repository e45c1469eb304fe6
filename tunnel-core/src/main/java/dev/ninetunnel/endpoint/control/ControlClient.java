package dev.ninetunnel.endpoint.control;

import dev.ninetunnel.link.FrameSink;
import dev.ninetunnel.link.ReadingValve;
import dev.ninetunnel.serve.ServerRole;
import dev.ninetunnel.wire.FrameDecoder;
import dev.ninetunnel.wire.MalformedMessageException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A local program that reads the files about this endpoint: a 9P conversation like any other, on a unix socket. Behind a
 * {@link FrameDecoder}, on the session loop.
 */
final class ControlClient extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(ControlClient.class);

    private final BiFunction<FrameSink, ReadingValve, ServerRole> maker;
    private Channel channel;
    private ServerRole role;

    ControlClient(BiFunction<FrameSink, ReadingValve, ServerRole> maker) {
        this.maker = maker;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        channel = ctx.channel();
        role = maker.apply(new Replies(), new Valve());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        role.accept((ByteBuf) message);
        if (role.msize() > 0) {
            ctx.pipeline().get(FrameDecoder.class).limit(role.msize());
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        role.endOfBatch();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        tellUnsent();
    }

    private void tellUnsent() {
        ChannelOutboundBuffer unsent = channel.unsafe().outboundBuffer();
        role.unsent(unsent == null ? 0 : unsent.totalPendingWriteBytes());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof MalformedMessageException || cause instanceof DecoderException
                || cause instanceof IOException) {
            LOG.debug("a local program that asked about this endpoint is cut off: {}", cause.getMessage());
        } else {
            LOG.error("a fault in this program: a local connection is closed", cause);
        }
        ctx.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        role.close();
    }

    private final class Replies implements FrameSink {
        @Override
        public void accept(ByteBuf frame) {
            channel.write(frame, channel.voidPromise());
        }

        @Override
        public void endOfBatch() {
            channel.flush();
            if (!channel.isWritable()) {
                tellUnsent();
            }
        }
    }

    private final class Valve implements ReadingValve {
        @Override
        public void pause() {
            channel.config().setAutoRead(false);
        }

        @Override
        public void resume() {
            channel.config().setAutoRead(true);
        }
    }
}
