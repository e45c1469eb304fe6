package dev.ninetunnel.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ninetunnel.mux.RemoteParameters;
import dev.ninetunnel.session.VersionExchange.Outcome;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Frame;
import dev.ninetunnel.wire.MalformedMessageException;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rclunk;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Rversion;
import dev.ninetunnel.wire.message.Tclunk;
import dev.ninetunnel.wire.message.Tmessage;
import dev.ninetunnel.wire.message.Tversion;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Tversion asks for, and what the answers to it mean. */
class VersionExchangeTest {
    private static final int MSIZE = 131096;

    private static String asked(VersionExchange versionExchange) {
        ByteBuf frame = Unpooled.buffer();
        versionExchange.ask(frame);
        assertThat(Frame.tag(frame)).isEqualTo(Frame.NOTAG);
        Tversion question = (Tversion) Tmessage.read(frame);
        assertThat(question.msize()).isEqualTo(MSIZE);
        return question.version().utf8();
    }

    private static Outcome answer(VersionExchange versionExchange, Rmessage reply) {
        ByteBuf frame = Unpooled.buffer();
        reply.write(frame, Frame.NOTAG);
        return versionExchange.answered(frame);
    }

    private static Rversion version(int msize, String version) {
        return new Rversion(msize, Text.of(version));
    }

    @Test
    @DisplayName("an endpoint of ours is asked once, and speaks both dialects")
    void ours() {
        VersionExchange versionExchange = new VersionExchange(true, MSIZE);
        assertThat(asked(versionExchange)).isEqualTo("9P2000.L;extended=1");
        assertThat(answer(versionExchange, version(8192, "9P2000.L")))
                .isEqualTo(new Outcome.Agreed(new RemoteParameters(8192, Set.of(Dialect.LINUX, Dialect.PLAIN)),
                        "9P2000.L"));
    }

    @Test
    @DisplayName("the first question on a link says that messages may come in parts, with a claim and without")
    void parts() {
        VersionExchange versionExchange = new VersionExchange(true, MSIZE);
        ByteBuf frame = Unpooled.buffer();
        versionExchange.askFirst(frame, Duration.ZERO);
        assertThat(((Tversion) Tmessage.read(frame)).version().utf8()).isEqualTo("9P2000.L;extended=1;parts=1");
        ResumeToken resumeToken = new ResumeToken(new SessionId(1, 2), 3, 4);
        versionExchange.askFirst(frame.clear(), resumeToken, Duration.ZERO);
        String version = ((Tversion) Tmessage.read(frame)).version().utf8();
        assertThat(version)
                .isEqualTo("9P2000.L;extended=1;session=00000000000000010000000000000002;link=3;received=4;parts=1");
        assertThat(ResumeToken.of(version)).contains(resumeToken);
        assertThat(PartsParameter.isIn(version)).isTrue();
        assertThat(PartsParameter.isIn("9P2000.L;parts=2")).isFalse();
    }

    @Test
    @DisplayName("the smaller of two terms of leases holds; a side that says none, or nonsense, has none")
    void leases() {
        VersionExchange versionExchange = new VersionExchange(true, MSIZE);
        ByteBuf frame = Unpooled.buffer();
        versionExchange.askFirst(frame, Duration.ofSeconds(10));
        String version = ((Tversion) Tmessage.read(frame)).version().utf8();
        assertThat(version).isEqualTo("9P2000.L;extended=1;parts=1;lease=10000");
        assertThat(LeaseParameter.agreed(Duration.ofSeconds(20), version)).isEqualTo(Duration.ofSeconds(10));
        assertThat(LeaseParameter.agreed(Duration.ofSeconds(3), version)).isEqualTo(Duration.ofSeconds(3));
        assertThat(LeaseParameter.agreed(Duration.ZERO, version)).isZero();
        for (String none : List.of("9P2000.L", "9P2000.L;lease=", "9P2000.L;lease=-1", "9P2000.L;lease=12345678")) {
            assertThat(LeaseParameter.agreed(Duration.ofSeconds(3), none)).as(none).isZero();
        }
    }

    @Test
    @DisplayName("parameters in an answer are no part of the version")
    void parameters() {
        assertThat(answer(new VersionExchange(true, MSIZE), version(8192, "9P2000.L;x=1")))
                .isInstanceOf(Outcome.Agreed.class);
    }

    @Test
    @DisplayName("M9 a plain server that says unknown is asked for less, and spoken to as it answers")
    void fallsBack() {
        VersionExchange versionExchange = new VersionExchange(false, MSIZE);
        assertThat(asked(versionExchange)).isEqualTo("9P2000.L");
        assertThat(answer(versionExchange, version(MSIZE, "unknown"))).isEqualTo(new Outcome.AskAgain());
        assertThat(asked(versionExchange)).isEqualTo("9P2000.u");
        assertThat(answer(versionExchange, version(MSIZE, "unknown"))).isEqualTo(new Outcome.AskAgain());
        assertThat(asked(versionExchange)).isEqualTo("9P2000");
        assertThat(answer(versionExchange, version(MSIZE, "9P2000")))
                .isEqualTo(new Outcome.Agreed(new RemoteParameters(MSIZE, Set.of(Dialect.PLAIN)), "9P2000"));
    }

    @Test
    @DisplayName("M9 a plain server that answers less than was asked for is spoken to in that alone")
    void answersLess() {
        assertThat(answer(new VersionExchange(false, MSIZE), version(MSIZE, "9P2000")))
                .isEqualTo(new Outcome.Agreed(new RemoteParameters(MSIZE, Set.of(Dialect.PLAIN)), "9P2000"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "9P1999", "9P2000.L.x", "unknown"})
    @DisplayName("an endpoint of ours that answers anything else is given up")
    void otherVersions(String version) {
        assertThat(answer(new VersionExchange(true, MSIZE), version(MSIZE, version)))
                .isInstanceOf(Outcome.Refused.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4095, MSIZE + 1, -1})
    @DisplayName("M10 an msize below 4096, or above what was asked for, is refused")
    void badMsize(int msize) {
        assertThat(answer(new VersionExchange(false, MSIZE), version(msize, "9P2000.L")))
                .isInstanceOf(Outcome.Refused.class);
    }

    @Test
    @DisplayName("an error or another reply in answer is refused, and a request is malformed")
    void otherReplies() {
        assertThat(answer(new VersionExchange(false, MSIZE), new Rlerror(5))).isInstanceOf(Outcome.Refused.class);
        assertThat(answer(new VersionExchange(false, MSIZE), new Rclunk())).isInstanceOf(Outcome.Refused.class);
        ByteBuf request = Unpooled.buffer();
        new Tclunk(1).write(request, Frame.NOTAG);
        assertThatThrownBy(() -> new VersionExchange(false, MSIZE).answered(request))
                .isInstanceOf(MalformedMessageException.class);
    }
}
