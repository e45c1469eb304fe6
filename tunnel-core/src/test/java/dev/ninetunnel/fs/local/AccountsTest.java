package dev.ninetunnel.fs.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.fs.Caller;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** That accounts are those that other programs of this machine see. */
class AccountsTest {
    private static String said(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    static List<String> everybody() throws Exception {
        return said("getent", "passwd").lines().map(l -> l.split(":", 2)[0]).limit(40).toList();
    }

    @ParameterizedTest
    @MethodSource("everybody")
    void anAccountIsAsIdSays(String name) throws Exception {
        Caller.User user = Accounts.named(name.getBytes(UTF_8)).orElseThrow();
        assertThat(Integer.toUnsignedString(user.uid())).isEqualTo(said("id", "-u", name));
        assertThat(Integer.toUnsignedString(user.gid())).isEqualTo(said("id", "-g", name));
        assertThat(user.groups()).map(Integer::toUnsignedString)
                .containsExactlyInAnyOrderElementsOf(Arrays.asList(said("id", "-G", name).split(" ")));
        assertThat(Accounts.numbered(user.uid())).hasValueSatisfying(u -> assertThat(u.uid()).isEqualTo(user.uid()));
    }

    @Test
    void whoIsNotThereIsNobody() throws Exception {
        assertThat(Accounts.named("no such user".getBytes(UTF_8))).isEmpty();
        assertThat(Accounts.named("root\0x".getBytes(UTF_8))).isEmpty();
        assertThat(Accounts.named(new byte[]{(byte) 0xff, ':', '\n'})).isEmpty();
        assertThat(Accounts.named(new byte[0])).isEmpty();
        assertThat(Accounts.named("x".repeat(100_000).getBytes(UTF_8))).isEmpty();
        assertThat(Accounts.numbered(1_234_567_890)).isEmpty();
        assertThat(Accounts.numbered(-1)).isEmpty();
    }
}
