package dev.ninetunnel.link.dial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.link.HostPort;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** When small packets are tried. */
class PacketHolesTest {
    private static final Destination THERE = new Destination.Direct(new HostPort("there", 1));
    private static final Destination ELSEWHERE = new Destination.Direct(new HostPort("elsewhere", 1));

    private final PacketHoles holes = new PacketHoles();

    @Test
    @DisplayName("a busy peer that lets one connection wait too long is dialled as before, and a second time in a row is not")
    void stalls() {
        holes.stalled(THERE, SegmentSize.USUAL);
        assertThat(holes.next(THERE)).isEqualTo(SegmentSize.USUAL);
        holes.passed(THERE);
        holes.stalled(THERE, SegmentSize.USUAL);
        assertThat(holes.next(THERE)).isEqualTo(SegmentSize.USUAL);
        holes.stalled(THERE, SegmentSize.USUAL);
        assertThat(holes.next(THERE)).isEqualTo(SegmentSize.SMALL);
        assertThat(holes.next(ELSEWHERE)).isEqualTo(SegmentSize.USUAL);
    }

    @Test
    @DisplayName("small packets are kept to where something was not acknowledged, until they do not help either")
    void seen() {
        holes.see(THERE);
        holes.stalled(THERE, SegmentSize.USUAL);
        assertThat(holes.next(THERE)).isEqualTo(SegmentSize.SMALL);
        holes.passed(THERE);
        assertThat(holes.next(THERE)).isEqualTo(SegmentSize.SMALL);
        holes.stalled(THERE, SegmentSize.SMALL);
        assertThat(holes.next(THERE)).isEqualTo(SegmentSize.USUAL);
    }
}
