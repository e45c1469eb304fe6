package dev.ninetunnel.endpoint.control;

import dev.ninetunnel.session.ServerBinding;
import dev.ninetunnel.wire.FrameDecoder;
import dev.ninetunnel.wire.MalformedMessageException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A local program that reads the files about this endpoint: a 9P conversation like any other, on a unix socket. Behind a
 * {@link FrameDecoder}, on the session loop.
 */
final class ControlClient extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(ControlClient.class);

    private final ServerBinding.Maker maker;
    private Channel channel;
    private ServerBinding server;

    ControlClient(ServerBinding.Maker maker) {
        this.maker = maker;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        channel = ctx.channel();
        server = new ServerBinding(new OnSocket(), maker);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        server.accept((ByteBuf) message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        server.endOfBatch();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        server.tellUnsent();
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
        server.role().close();
    }

    /** The local socket. */
    private final class OnSocket implements ServerBinding.Carrier {
        @Override
        public void accept(ByteBuf frame) {
            channel.write(frame, channel.voidPromise());
        }

        @Override
        public void endOfBatch() {
            channel.flush();
        }

        @Override
        public long unsentBytes() {
            ChannelOutboundBuffer unsent = channel.unsafe().outboundBuffer();
            return unsent == null ? 0 : unsent.totalPendingWriteBytes();
        }

        @Override
        public void frameLimit(int bytes) {
            channel.pipeline().get(FrameDecoder.class).limit(bytes);
        }

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
