package dev.ninetunnel.client.data;

import dev.ninetunnel.client.NineClient;
import dev.ninetunnel.client.RpcCalls;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rchecksum;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Tchecksum;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;

/** Finds how far an open file of a server and one of this machine are the same, by checksums that each side makes of its own. */
public final class CommonStart {
    /** What a checksum is of: little enough to be made in a moment, and enough for a long way to cost little. */
    private static final int BLOCK = 16 << 20;
    private static final int WINDOW = 4;
    private static final int BUFFER = 128 << 10;

    private final NineClient client;
    private final int fid;
    private final SeekableByteChannel local;
    private final long length;
    private final ArrayDeque<Block> underWay = new ArrayDeque<>();
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);

    /**
     * Of two files that are open for reading.
     *
     * @param length how many bytes of them to compare at most
     */
    public CommonStart(NineClient client, int fid, SeekableByteChannel local, long length) {
        this.client = client;
        this.fid = fid;
        this.local = local;
        this.length = length;
    }

    private record Block(long offset, int count, CompletableFuture<Rmessage> reply) {}

    /** How many bytes are the same, but for those before the first that differs in its block. */
    public long find() throws IOException {
        try {
            long next = 0;
            while (next < length || !underWay.isEmpty()) {
                while (next < length && underWay.size() < WINDOW) {
                    Block block = ask(next, (int) Math.min(BLOCK, length - next));
                    underWay.add(block);
                    next += block.count;
                }
                Block block = underWay.remove();
                Rchecksum far = (Rchecksum) RpcCalls.await(block.reply);
                if (far.count() == 0 || !far.sum().equals(sum(block.offset, far.count()))) {
                    return block.offset;
                }
                if (far.count() < block.count) {
                    underWay.addFirst(ask(block.offset + far.count(), block.count - far.count()));
                }
            }
            return length;
        } finally {
            underWay.forEach(CommonStart::settle);
        }
    }

    private Block ask(long offset, int count) {
        return new Block(offset, count, client.send(new Tchecksum(fid, offset, count)));
    }

    private Text sum(long offset, int count) throws IOException {
        MessageDigest digest = sha256();
        local.position(offset);
        int left = count;
        while (left > 0) {
            buffer.clear().limit(Math.min(BUFFER, left));
            int read = local.read(buffer);
            if (read <= 0) {
                break;
            }
            digest.update(buffer.flip());
            left -= read;
        }
        return Text.of(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Waits until the server is done with it, so that the fid can be clunked with nothing under way. */
    private static void settle(Block block) {
        try {
            RpcCalls.await(block.reply);
        } catch (IOException _) {
            // What went wrong first has been reported.
        }
    }
}
