package dev.ninetunnel.wire.message;

import dev.ninetunnel.wire.MalformedMessageException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Asks the holder of several leases to give up all that they cover; in the conversation in which the granter asks.
 *
 * <pre>
 *   size[4] Tbreaks[1] tag[2] count[4] leases[count]
 * </pre>
 *
 * <p>The leases are a view of the frame that they were read from, and hold no reference to it: it is valid as long as that is.
 *
 * @param leases numbers of 8 bytes, one behind the other
 */
public record Tbreaks(ByteBuf leases) implements Tmessage {
    /** How many numbers one may have: as many as a granter of this program has leases with one holder. */
    public static final int MOST = 8192;

    static Tbreaks read(ByteBuf in) {
        return new Tbreaks(Fields.data(in));
    }

    /** Of these. */
    public static Tbreaks of(long[] numbers) {
        ByteBuf leases = Unpooled.buffer(numbers.length * Long.BYTES);
        for (long number : numbers) {
            leases.writeLongLE(number);
        }
        return new Tbreaks(leases);
    }

    /**
     * The numbers.
     *
     * @throws MalformedMessageException if the last is not whole, or there are more than {@value #MOST}
     */
    public long[] numbers() {
        if (leases.readableBytes() > MOST * Long.BYTES) {
            throw new MalformedMessageException("a Tbreaks of " + leases.readableBytes() / Long.BYTES + " leases");
        }
        if (leases.readableBytes() % Long.BYTES != 0) {
            throw new MalformedMessageException("a Tbreaks with a part of a number");
        }
        long[] numbers = new long[leases.readableBytes() / Long.BYTES];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = leases.getLongLE(leases.readerIndex() + i * Long.BYTES);
        }
        return numbers;
    }

    @Override
    public void writeBody(ByteBuf out) {
        Fields.data(out, leases);
    }
}
