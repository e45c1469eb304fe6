package dev.ninetunnel.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.export.Exports;
import dev.ninetunnel.fs.synthetic.Entry;
import dev.ninetunnel.fs.synthetic.SyntheticTree;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rlopen;
import dev.ninetunnel.wire.message.Tlopen;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An Error where a request is done is the end of that request, and of nothing else. */
class ErrorsTest {
    /** What a fault in the program, or too little memory, looks like. */
    enum Fault {
        MEMORY(Errno.ENOMEM) {
            @Override
            byte[] happen() {
                throw new OutOfMemoryError("for a test");
            }
        },
        STACK(Errno.EIO) {
            @Override
            byte[] happen() {
                throw new StackOverflowError();
            }
        },
        LINKAGE(Errno.EIO) {
            @Override
            byte[] happen() {
                throw new NoClassDefFoundError("dev/ninetunnel/Nothing");
            }
        },
        ASSERTION(Errno.EIO) {
            @Override
            byte[] happen() {
                throw new AssertionError("for a test");
            }
        },
        RUNTIME(Errno.EIO) {
            @Override
            byte[] happen() {
                throw new IllegalStateException("for a test");
            }
        };

        private final Errno answer;

        Fault(Errno answer) {
            this.answer = answer;
        }

        abstract byte[] happen();
    }

    private static Exports exports(Entry faulty) {
        return Exports.of("x",
                new SyntheticTree(Map.of("faulty", faulty, "good", new Entry.File(() -> new byte[1])),
                        Clock.systemUTC()));
    }

    @ParameterizedTest
    @DisplayName("S1 whatever is thrown while a request is done, it has one reply, and the next is served")
    @EnumSource(Fault.class)
    void oneReply(Fault fault) {
        try (FarSide far = new FarSide(true, ServerLimits.STANDARD, exports(new Entry.File(fault::happen)))) {
            far.version("9P2000.L");
            far.attach(0, "");
            for (int i = 0; i < 2 * ExportWorkers.MOST; i++) {
                assertThat(far.walk(0, 1, "faulty")).isEqualTo(new Rlerror(fault.answer.number()));
            }
            far.walk(0, 100, "good");
            far.ask(Rlopen.class, new Tlopen(100, 0));
        }
    }
}
