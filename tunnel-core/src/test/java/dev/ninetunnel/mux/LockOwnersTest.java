package dev.ninetunnel.mux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rgetlock;
import dev.ninetunnel.wire.message.Rlerror;
import dev.ninetunnel.wire.message.Rlock;
import dev.ninetunnel.wire.message.Tgetlock;
import dev.ninetunnel.wire.message.Tlock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rule M15: the far side can tell the locks of local clients apart, and they do not notice. */
class LockOwnersTest {
    private static Tlock lock(String client) {
        return new Tlock(0, 1, 1, 20, 30, 7, Text.of(client));
    }

    private static Tgetlock conflict(String client) {
        return new Tgetlock(0, 1, 20, 30, 7, Text.of(client));
    }

    private static Rgetlock held(int kind, String client) {
        return new Rgetlock(kind, 20, 30, 7, Text.of(client));
    }

    private static Text owner(Bench bench, Bench.Client client, String name) {
        client.send(1, lock(name));
        Bench.Got<?> locked = bench.far.one();
        bench.far.reply(locked.tag(), new Rlock(0));
        assertThat(client.reply(1)).isEqualTo(new Rlock(0));
        client.send(1, conflict(name));
        Bench.Got<?> asked = bench.far.one();
        bench.far.reply(asked.tag(), held(2, ((Tgetlock) asked.message()).clientId().utf8()));
        assertThat(client.reply(1)).as("what it asked with comes back").isEqualTo(held(2, name));
        Tlock came = (Tlock) locked.message();
        Tgetlock cameToo = (Tgetlock) asked.message();
        assertThat(cameToo.clientId()).as("the same owner in both").isEqualTo(came.clientId());
        assertThat(came).isEqualTo(new Tlock(came.fid(), 1, 1, 20, 30, 7, came.clientId()));
        assertThat(cameToo).isEqualTo(new Tgetlock(came.fid(), 1, 20, 30, 7, came.clientId()));
        return came.clientId();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "host", "häuser", "host~0123456789abcdef"})
    void m15NoTwoClientsAreOneOwnerWhateverTheyCallThemselves(String name) {
        try (Bench bench = Bench.open()) {
            Bench.Client one = bench.attached();
            Bench.Client other = bench.attached();
            Text owner = owner(bench, one, name);
            assertThat(owner(bench, one, name)).as("a client is one owner").isEqualTo(owner);
            assertThat(owner(bench, other, name)).isNotEqualTo(owner);
            assertThat(owner.utf8()).startsWith(name + "~");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "~", "a-program-of-the-server", "~0123456789abcdeX", "~0123456789abcde"})
    void m15WhoseLockIsInTheWayIsToldAsItCameUnlessItBearsAMark(String name) {
        try (Bench bench = Bench.open()) {
            Bench.Client client = bench.attached();
            for (String mark : new String[]{"", "~0123456789abcdef"}) {
                client.send(1, conflict("host"));
                bench.far.reply(bench.far.one().tag(), held(1, name + mark));
                assertThat(client.reply(1)).isEqualTo(held(1, name));
            }
        }
    }

    @Test
    void m15AClientIdThatLeavesNoRoomIsRefusedAndTheLongestOtherPasses() {
        try (Bench bench = Bench.open()) {
            Bench.Client client = bench.attached();
            String longest = "x".repeat(LockOwner.LONGEST - 17);
            assertThat(owner(bench, client, longest).length()).isEqualTo(LockOwner.LONGEST);
            client.send(1, lock(longest + "x"));
            assertThat(client.reply(1)).isEqualTo(new Rlerror(Errno.EINVAL.number()));
            client.send(1, conflict(longest + "x"));
            assertThat(client.reply(1)).isEqualTo(new Rlerror(Errno.EINVAL.number()));
            bench.far.gotNothing();
        }
    }

    @Test
    void m15AnErrorInAnswerToTgetlockPasses() {
        try (Bench bench = Bench.open()) {
            Bench.Client client = bench.attached();
            client.send(1, conflict("host"));
            bench.far.reply(bench.far.one().tag(), new Rlerror(Errno.EBADF.number()));
            assertThat(client.reply(1)).isEqualTo(new Rlerror(Errno.EBADF.number()));
        }
    }
}
