package dev.ninetunnel.fuse.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestMemoryTest {
    private static final int BYTES = (1 << 20) + 4096;

    @Test
    void whatNobodyNeedsAnyMoreIsUsedAgain() {
        try (RequestMemory memory = new RequestMemory(BYTES)) {
            ByteBuf first = memory.free();
            assertThat(memory.free()).isSameAs(first);
            ByteBuf written = first.retain();
            ByteBuf second = memory.free();
            assertThat(second).isNotSameAs(first);
            written.release();
            second.retain();
            assertThat(memory.free()).isSameAs(first);
            second.release();
        }
    }

    @Test
    void dataOfWritesUnderWayAreNeverWrittenOver() {
        try (RequestMemory memory = new RequestMemory(BYTES)) {
            List<ByteBuf> underWay = new ArrayList<>();
            for (int i = 0; i < 3 * RequestMemory.MOST_KEPT; i++) {
                underWay.add(memory.free().setIndex(0, 0).writeInt(i).retain());
            }
            for (int i = 0; i < underWay.size(); i++) {
                assertThat(underWay.get(i).readInt()).isEqualTo(i);
            }
            underWay.forEach(ByteBuf::release);
        }
    }

    @Test
    void manyWritesAtOnceLeaveLittleMemoryBehind() {
        IdentityHashMap<ByteBuf, Boolean> all = new IdentityHashMap<>();
        try (RequestMemory memory = new RequestMemory(BYTES)) {
            for (int i = 0; i < 3 * RequestMemory.MOST_KEPT; i++) {
                all.put(memory.free().retain(), true);
            }
            all.keySet().forEach(ByteBuf::release);
            assertThat(all.keySet().stream().filter(one -> one.refCnt() > 0))
                    .hasSizeLessThanOrEqualTo(RequestMemory.MOST_KEPT);
        }
        assertThat(all.keySet()).allMatch(one -> one.refCnt() == 0);
    }
}
