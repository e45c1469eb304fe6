package dev.ninetunnel.link.dial;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.proxy.ProxyConnectException;
import io.netty.handler.proxy.ProxyHandler;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Asks an HTTP proxy for a tunnel (CONNECT; RFC 9110, 9.3.6). */
final class HttpConnect extends ProxyHandler {
    /** The proxy has answered, and not with yes. */
    static final class RefusedException extends ProxyConnectException {
        private static final long serialVersionUID = 1L;

        final transient ProxyAnswer answer;

        RefusedException(ProxyAnswer answer) {
            super("status " + answer.status());
            this.answer = answer;
        }
    }

    private final Optional<String> authorization;
    private final ProxyAnswerDecoder decoder = new ProxyAnswerDecoder();

    /** With what to say for Proxy-Authorization. */
    HttpConnect(InetSocketAddress proxy, Optional<String> authorization) {
        super(proxy);
        this.authorization = authorization;
    }

    /** What CONNECT names, {@code HOST:PORT}. */
    static String target(InetSocketAddress destination) {
        return HttpUtil.formatHostnameForHttp(destination) + ":" + destination.getPort();
    }

    @Override
    public String protocol() {
        return "http";
    }

    @Override
    public String authScheme() {
        return authorization.isPresent() ? "answered" : "none";
    }

    @Override
    protected void addCodec(ChannelHandlerContext ctx) {
        ctx.pipeline().addBefore(ctx.name(), null, decoder);
    }

    @Override
    protected void removeEncoder(ChannelHandlerContext ctx) {
        // The question is written as bytes.
    }

    @Override
    protected void removeDecoder(ChannelHandlerContext ctx) {
        ctx.pipeline().remove(decoder);
    }

    @Override
    protected Object newInitialMessage(ChannelHandlerContext ctx) {
        String target = target(destinationAddress());
        return Unpooled.copiedBuffer("CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n"
                + authorization.map(a -> "Proxy-Authorization: " + a + "\r\n").orElse("") + "\r\n",
                StandardCharsets.ISO_8859_1);
    }

    @Override
    protected boolean handleResponse(ChannelHandlerContext ctx, Object response) throws RefusedException {
        ProxyAnswer answer = (ProxyAnswer) response;
        if (!answer.opens()) {
            throw new RefusedException(answer);
        }
        return true;
    }
}
