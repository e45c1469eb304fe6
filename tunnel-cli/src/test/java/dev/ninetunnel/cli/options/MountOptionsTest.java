package dev.ninetunnel.cli.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What {@code ninetunnel mount -o} makes of its words. */
class MountOptionsTest {
    /** The far side answers everybody as the mounting user: without modes, they could do whatever that user may. */
    @Test
    void whoeverLetsOthersInHoldsThemToTheModes() {
        assertThat(MountOptions.parse("allow_other", false).rest())
                .containsExactly("allow_other", "default_permissions");
        assertThat(MountOptions.parse("default_permissions,allow_other", false).rest())
                .containsExactlyInAnyOrder("allow_other", "default_permissions");
    }

    @Test
    void whatFstabSaysOfOtherThingsIsLeftOut() {
        MountOptions options = MountOptions.parse("rw,_netdev,x-systemd.automount,ids=remote,nonempty,ro", false);
        assertThat(options.rest()).containsExactly("ro");
        assertThat(options.self()).isFalse();
        assertThat(options.nonEmpty()).isTrue();
    }

    @Test
    void eachUserIsShownAsTheFarSideTells() {
        assertThat(MountOptions.parse("access=user,allow_other", false)).matches(MountOptions::eachUser)
                .matches(options -> !options.self());
        assertThat(MountOptions.parse("allow_other", false)).matches(options -> !options.eachUser());
    }

    @Test
    void closingWaitsForWritesUnlessItIsToldNotTo() {
        assertThat(MountOptions.parse("", false).closeLater()).isFalse();
        assertThat(MountOptions.parse("close=later", false)).matches(MountOptions::closeLater)
                .matches(options -> options.rest().isEmpty());
        assertThat(MountOptions.parse("close=later,close=wait", false).closeLater()).isFalse();
    }

    @Test
    void howLongProgramsWaitIsToldInSeconds() {
        assertThat(MountOptions.parse("soft=30", false).soft()).contains(Duration.ofSeconds(30));
        assertThat(MountOptions.parse("soft=30,hard", false).soft()).isEmpty();
        assertThatThrownBy(() -> MountOptions.parse("soft=0", false)).hasMessage(
                "soft=0 is no time: write seconds, such as soft=30");
    }
}
