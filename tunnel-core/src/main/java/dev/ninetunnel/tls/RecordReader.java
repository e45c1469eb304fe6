package dev.ninetunnel.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.util.concurrent.FastThreadLocal;
import java.security.GeneralSecurityException;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.AlertLevel;
import org.bouncycastle.tls.ContentType;
import org.bouncycastle.tls.TlsFatalAlert;

/**
 * Stands below the TLS handler and hands it the records of the connection one by one. Once there is a {@link RecordProtection} for
 * them, records of application data are opened here and go past it, straight to who stands above {@link RecordWriter}: from
 * the received bytes into an array, and out of another into one buffer for all that was received at once. What else is in a
 * record is for the TLS handler still.
 *
 * <p>What breaks the rules for records (RFC 8446, 5) ends the connection here: with the alert that is due, told to who stands
 * above as a fault, and never with a goodbye, which would tell the other side that this one is done. Anybody on the way can put
 * bytes between two records. During the handshake the TLS handler knows how an alert is to be sent, and is given something to
 * refuse. On the connection's event loop.
 */
final class RecordReader extends ChannelInboundHandlerAdapter {
    private static final int LENGTH_AT = 3;
    private static final int VERSION_AT = 1;
    private static final int MAJOR_VERSION = 3;
    /** So much data is put together at most, in bytes: a frame that is kept holds on to all of it. */
    private static final int MOST_TOGETHER = 64 << 10;
    /** A change_cipher_spec of a value that there is not: refused as an unexpected message at any time (RFC 8446, 5). */
    private static final byte[] UNEXPECTED = {ContentType.change_cipher_spec, MAJOR_VERSION, 3, 0, 1, 0};

    /** Sent where nothing has come yet, so that nothing is protected either. */
    private static final byte[] OVERFLOW_ALERT = {ContentType.alert, MAJOR_VERSION, 3, 0, 2, AlertLevel.fatal,
            AlertDescription.record_overflow};

    private final FastThreadLocal<RecordArrays> scratch;
    /** What may be in the records of the handshake that are not protected. */
    private final ContentRules rules = new ContentRules();
    /** The beginning of a record that has not come whole, or null. */
    private ByteBuf begun;
    private RecordProtection recordProtection;
    private ChannelHandlerContext above;
    /** What was opened and has not been handed on, or null. */
    private ByteBuf data;
    /** A record has come: the other side speaks TLS. */
    private boolean any;
    /** The other side has said goodbye, or there was a fault: what comes now is not looked at. */
    private boolean over;
    private boolean told;

    RecordReader(FastThreadLocal<RecordArrays> scratch) {
        this.scratch = scratch;
    }

    /** From the next record on, application data goes straight to the handler above this context. */
    void goPast(RecordProtection opensThem, ChannelHandlerContext handler) {
        recordProtection = opensThem;
        above = handler;
    }

    /** What comes from now on is dropped (RFC 8446, 6.1 and 6.2). */
    void end() {
        over = true;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            while (in.isReadable() && !over && !ctx.isRemoved()) {
                if (begun != null) {
                    goOn(ctx, in);
                } else {
                    start(ctx, in);
                }
            }
            handOn();
        } finally {
            in.release();
            dropData();
        }
    }

    private void start(ChannelHandlerContext ctx, ByteBuf in) {
        int length = in.readableBytes() < TrafficKey.HEADER ? Integer.MAX_VALUE : lengthOf(ctx, in);
        if (over) {
            return;
        }
        if (in.readableBytes() >= length) {
            record(ctx, in, length, in.readableBytes());
        } else {
            begun = ctx.alloc().buffer(in.readableBytes(), RecordProtection.MOST_RECORD);
            begun.writeBytes(in);
        }
    }

    private void goOn(ChannelHandlerContext ctx, ByteBuf in) {
        if (begun.readableBytes() < TrafficKey.HEADER) {
            move(in, TrafficKey.HEADER);
            if (begun.readableBytes() < TrafficKey.HEADER) {
                return;
            }
        }
        int length = lengthOf(ctx, begun);
        if (over) {
            return;
        }
        move(in, length);
        if (begun.readableBytes() == length) {
            ByteBuf whole = begun;
            begun = null;
            try {
                record(ctx, whole, length, length + in.readableBytes());
            } finally {
                whole.release();
            }
        }
    }

    private void move(ByteBuf in, int until) {
        begun.writeBytes(in, Math.min(in.readableBytes(), until - begun.readableBytes()));
    }

    /**
     * The length of a record with its header. What cannot be a record is refused at once, and makes this one be over. The
     * version of a protected record is not looked at (RFC 8446, 5.1): it is authenticated with the rest.
     */
    private int lengthOf(ChannelHandlerContext ctx, ByteBuf header) {
        int at = header.readerIndex();
        int type = header.getUnsignedByte(at);
        int bytes = header.getUnsignedShort(at + LENGTH_AT);
        if (recordProtection != null) {
            if (type != ContentType.application_data) {
                refuse(ctx, new TlsFatalAlert(AlertDescription.unexpected_message, "a record that is not protected"));
            } else if (bytes > RecordProtection.MOST_RECORD - TrafficKey.HEADER) {
                refuse(ctx, new TlsFatalAlert(AlertDescription.record_overflow));
            } else if (bytes < Aead.TAG_BYTES) {
                refuse(ctx, new TlsFatalAlert(AlertDescription.bad_record_mac));
            }
        } else if (type < ContentType.change_cipher_spec || type > ContentType.application_data
                || header.getUnsignedByte(at + VERSION_AT) != MAJOR_VERSION || bytes == 0) {
            refuseUnread(ctx);
        } else if (bytes > mostDuringHandshake(type)) {
            refuseTooLarge(ctx, type);
        }
        return TrafficKey.HEADER + bytes;
    }

    private static int mostDuringHandshake(int type) {
        return type == ContentType.application_data
                ? RecordProtection.MOST_RECORD - TrafficKey.HEADER
                : RecordProtection.MOST_PLAIN;
    }

    /** Takes a whole record out of a buffer; so much is there to be opened together, the record included. */
    private void record(ChannelHandlerContext ctx, ByteBuf in, int length, int coming) {
        any = true;
        if (recordProtection == null) {
            ofHandshake(ctx, in, length);
            return;
        }
        if (data != null && data.writableBytes() < length) {
            handOn(); // first, for others use the arrays meanwhile
        }
        RecordArrays arrays = scratch.get();
        in.getBytes(in.readerIndex(), arrays.record, 0, length);
        int bytes;
        try {
            bytes = recordProtection.open(arrays.record, length, arrays.plain);
        } catch (TlsFatalAlert alert) {
            refuse(ctx, alert);
            return;
        }
        if (bytes < 0) {
            pass(ctx, in.readRetainedSlice(length));
            // If it has not been asked for, the TLS handler has ended, and takes nothing any more.
            over |= recordProtection.isOwed();
            return;
        }
        in.skipBytes(length);
        if (bytes > 0) {
            take(ctx, arrays.plain, bytes, coming);
        }
    }

    /** One that is not protected yet, or by what Bouncy Castle has of it, which opens it then. */
    private void ofHandshake(ChannelHandlerContext ctx, ByteBuf in, int length) {
        int type = in.getUnsignedByte(in.readerIndex());
        if (type == ContentType.alert || type == ContentType.handshake) {
            byte[] content = ByteBufUtil.getBytes(in, in.readerIndex() + TrafficKey.HEADER, length - TrafficKey.HEADER);
            try {
                rules.take(type, content, 0, content.length);
            } catch (TlsFatalAlert alert) {
                refuseUnread(ctx);
                return;
            }
        }
        pass(ctx, in.readRetainedSlice(length));
    }

    // ---- faults

    /** After the handshake: with the alert that is due (RFC 8446, 6.2). */
    private void refuse(ChannelHandlerContext ctx, TlsFatalAlert why) {
        handOn();
        over = true;
        byte[] record = scratch.get().record;
        try {
            int length = recordProtection.sealAlert(why.getAlertDescription(), record);
            ctx.writeAndFlush(ctx.alloc().buffer(length).writeBytes(record, 0, length));
        } catch (GeneralSecurityException e) {
            why.addSuppressed(e);
        }
        above.fireExceptionCaught(why);
        ctx.close();
    }

    /** During the handshake: what is no record, or may not be. */
    private void refuseUnread(ChannelHandlerContext ctx) {
        if (any) {
            pass(ctx, Unpooled.wrappedBuffer(UNEXPECTED));
            over = true;
        } else {
            over = true;
            ctx.fireExceptionCaught(new NotSslRecordException("not a TLS record"));
            ctx.close();
        }
    }

    /** During the handshake: at once, and not when all of it has come. */
    private void refuseTooLarge(ChannelHandlerContext ctx, int type) {
        if (any) {
            int bytes = RecordProtection.MOST_RECORD + 1;
            pass(ctx, ctx.alloc().buffer(TrafficKey.HEADER + bytes).writeByte(type).writeByte(MAJOR_VERSION)
                    .writeByte(MAJOR_VERSION).writeShort(bytes).writeZero(bytes));
            over = true;
        } else {
            over = true;
            ctx.writeAndFlush(Unpooled.wrappedBuffer(OVERFLOW_ALERT));
            ctx.fireExceptionCaught(new TlsFatalAlert(AlertDescription.record_overflow));
            ctx.close();
        }
    }

    // ---- onwards

    private void take(ChannelHandlerContext ctx, byte[] plain, int bytes, int coming) {
        if (data == null) {
            data = ctx.alloc().directBuffer(Math.max(bytes, Math.min(coming, MOST_TOGETHER)));
        }
        data.writeBytes(plain, 0, bytes);
    }

    /** Hands on what was opened, before anything that came behind it. */
    private void handOn() {
        if (data != null) {
            ByteBuf whole = data;
            data = null;
            above.fireChannelRead(whole);
        }
    }

    private void pass(ChannelHandlerContext ctx, ByteBuf record) {
        handOn();
        told = true;
        ctx.fireChannelRead(record);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (told || above == null) {
            told = false;
            ctx.fireChannelReadComplete();
        } else {
            above.fireChannelReadComplete();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        dropBegun();
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        dropBegun();
    }

    private void dropBegun() {
        if (begun != null) {
            begun.release();
            begun = null;
        }
    }

    private void dropData() {
        if (data != null) {
            data.release();
            data = null;
        }
    }
}
