package dev.ninetunnel.link.dial;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.util.ByteProcessor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the head of an HTTP proxy's answer, and nothing behind it:
 *
 * <pre>
 * status-line = HTTP/1.x SP 3DIGIT [SP reason]      RFC 9112, 4
 * head = status-line *(field-line) empty-line       lines end with CRLF, or with LF alone (2.2)
 * </pre>
 *
 * Interim answers (1xx, RFC 9110, 15.2) are passed over. A line that is too long, or is none of HTTP, is an error.
 */
final class ProxyAnswerDecoder extends ByteToMessageDecoder {
    static final int LONGEST_LINE = 4096;
    static final int LARGEST_HEAD = 12 << 10;

    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[0-9] +([1-9][0-9]{2})(?: (.*))?",
            Pattern.DOTALL);
    private static final String CHALLENGE = "proxy-authenticate:";
    private static final int SWITCHING_PROTOCOLS = 101;
    private static final int INTERIM_END = 200;

    private final List<String> fields = new ArrayList<>();
    private Matcher status;
    private int size;
    private boolean over;

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        while (!over) {
            int end = in.forEachByte(ByteProcessor.FIND_LF);
            int length = (end < 0 ? in.writerIndex() : end) - in.readerIndex();
            if (length > LONGEST_LINE || size + length > LARGEST_HEAD) {
                throw new CorruptedFrameException("an answer without end");
            }
            if (end < 0) {
                return;
            }
            size += length;
            String line = in.readCharSequence(length, StandardCharsets.ISO_8859_1).toString();
            in.skipBytes(1);
            take(line.endsWith("\r") ? line.substring(0, line.length() - 1) : line, out);
        }
    }

    private void take(String line, List<Object> out) {
        if (status == null) {
            status = STATUS_LINE.matcher(line);
            if (!status.matches()) {
                throw new CorruptedFrameException("no answer of HTTP");
            }
        } else if (line.isEmpty()) {
            end(out);
        } else if ((line.startsWith(" ") || line.startsWith("\t")) && !fields.isEmpty()) {
            fields.add(fields.removeLast() + line); // obs-fold: RFC 9112, 5.2
        } else {
            fields.add(line);
        }
    }

    private void end(List<Object> out) {
        int code = Integer.parseInt(status.group(1));
        if (code >= INTERIM_END || code == SWITCHING_PROTOCOLS) {
            over = true;
            out.add(new ProxyAnswer(code, status.group(2) == null ? "" : status.group(2),
                    fields.stream().filter(f -> f.toLowerCase(Locale.ROOT).startsWith(CHALLENGE))
                            .map(f -> f.substring(CHALLENGE.length()).strip()).toList()));
        }
        status = null;
        fields.clear();
        size = 0;
    }
}
