package dev.ninetunnel.model;

import static dev.ninetunnel.model.Refused.check;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.testing.Libc;
import dev.ninetunnel.wire.Qid;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rread;
import dev.ninetunnel.wire.message.Rwalk;
import dev.ninetunnel.wire.message.Rwrite;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tread;
import dev.ninetunnel.wire.message.Tremove;
import dev.ninetunnel.wire.message.Twalk;
import dev.ninetunnel.wire.message.Twrite;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32;

/** What all dialects have. */
sealed interface FidStep extends Step {
    record Walk(int from, int to, List<Text> names) implements FidStep {
        @Override
        public CompletableFuture<String> ask(Wire wire) {
            return wire.ask(new Twalk(wire.fid(from), wire.fid(to), names), reply -> {
                StringBuilder walked = new StringBuilder("walked");
                for (Qid qid : ((Rwalk) reply).qids()) {
                    walked.append(' ').append(qid.type());
                }
                return walked.toString();
            });
        }

        @Override
        public String expect(Disk disk) throws Refused {
            return disk.walk(from, to, names);
        }
    }

    record Clunk(int fid) implements FidStep {
        @Override
        public CompletableFuture<String> ask(Wire wire) {
            return wire.ask(new Tclunk(wire.fid(fid)), _ -> "clunked");
        }

        @Override
        public String expect(Disk disk) throws Refused {
            disk.close(fid);
            return "clunked";
        }
    }

    record Remove(int fid) implements FidStep {
        private static final int REMOVE_DIRECTORY = 0x200;

        @Override
        public CompletableFuture<String> ask(Wire wire) {
            return wire.ask(new Tremove(wire.fid(fid)), _ -> "removed");
        }

        @Override
        public String expect(Disk disk) throws Refused {
            Disk.Slot slot = disk.bound(fid);
            try {
                int flags = disk.kind(slot) == Disk.DIRECTORY ? REMOVE_DIRECTORY : 0;
                check(disk.libc.unlink(Libc.NO_DIRECTORY, disk.path(slot), flags));
            } finally {
                disk.close(fid);
            }
            return "removed";
        }
    }

    record Read(int fid, long offset, int count) implements FidStep {
        @Override
        public CompletableFuture<String> ask(Wire wire) {
            return wire.ask(new Tread(wire.fid(fid), offset, count), reply -> {
                ByteBuf data = ((Rread) reply).data();
                return sum(data.nioBuffer());
            });
        }

        @Override
        public String expect(Disk disk) throws Refused {
            Disk.Slot slot = disk.bound(fid);
            if (count < 0 || offset < 0 || offset + count < 0) {
                throw new Refused(Errno.EINVAL);
            }
            if (slot.open >= 0 && disk.kind(slot) == Disk.DIRECTORY) {
                throw new Refused(Errno.EISDIR);
            }
            if (slot.open < 0 || !slot.reads) {
                throw new Refused(Errno.EBADF);
            }
            ByteBuffer into = ByteBuffer.allocate(count);
            check(disk.libc.read(slot.open, into, offset));
            return sum(into.flip());
        }

        private static String sum(ByteBuffer data) {
            CRC32 crc = new CRC32();
            int length = data.remaining();
            crc.update(data);
            return "read " + length + " bytes, sum " + Long.toHexString(crc.getValue());
        }
    }

    record Write(int fid, long offset, int count, int seed) implements FidStep {
        @Override
        public CompletableFuture<String> ask(Wire wire) {
            return wire.ask(new Twrite(wire.fid(fid), offset, Unpooled.wrappedBuffer(data())),
                    reply -> "wrote " + ((Rwrite) reply).count());
        }

        @Override
        public String expect(Disk disk) throws Refused {
            Disk.Slot slot = disk.bound(fid);
            if (offset < 0 || offset + count < 0) {
                throw new Refused(Errno.EINVAL);
            }
            if (slot.open < 0 || !slot.writes) {
                throw new Refused(Errno.EBADF);
            }
            return "wrote " + check(disk.libc.write(slot.open, data(), offset));
        }

        private byte[] data() {
            byte[] data = new byte[count];
            new Random(seed).nextBytes(data);
            return data;
        }
    }
}
