package dev.ninetunnel.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ninetunnel.identity.Expiration;
import dev.ninetunnel.link.Logged;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Warnings before certificates end, with a clock in hand. */
class ExpiryTest {
    private static final Instant END = Instant.parse("2026-12-24T18:00:00Z");

    private Instant now;
    private final Expiry expiry = new Expiry(new Clock() {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    });

    private List<String> daysBefore(double days, Expiration... endings) {
        now = END.minus(Duration.ofMinutes((long) (days * 24 * 60)));
        return expiry.look(List.of(endings));
    }

    @Test
    @DisplayName("the log warns 30 days before, 7 days before, and at the end, once each; the status as long as it is so")
    void stages() {
        Expiration own = new Expiration("this endpoint's certificate", END, true);
        try (Logged logged = new Logged()) {
            assertThat(daysBefore(30.1, own)).isEmpty();
            assertThat(logged.warnings()).isEmpty();
            for (double days : new double[]{30, 29, 12, 7.1}) {
                assertThat(daysBefore(days, own)).singleElement().asString()
                        .contains(
                                "this endpoint's certificate ends on 2026-12-24T18:00:00Z, in " + (int) days + " days");
                assertThat(logged.warnings()).hasSize(1);
            }
            for (double days : new double[]{7, 3, 1, 0}) {
                assertThat(daysBefore(days, own)).hasSize(1);
                assertThat(logged.warnings()).hasSize(2);
            }
            assertThat(daysBefore(-0.1, own)).singleElement().asString().contains("ended on 2026-12-24T18:00:00Z");
            assertThat(daysBefore(-5, own)).hasSize(1);
            assertThat(logged.warnings()).hasSize(3);
        }
    }

    @Test
    @DisplayName("who starts late gets one warning, not two; who renews gets none any more")
    void late() {
        Expiration own = new Expiration("this endpoint's certificate", END, true);
        Expiration renewed = new Expiration("this endpoint's certificate", END.plus(Duration.ofDays(365)), true);
        try (Logged logged = new Logged()) {
            daysBefore(2, own);
            assertThat(logged.warnings()).hasSize(1);
            assertThat(daysBefore(1, renewed)).isEmpty();
            assertThat(logged.warnings()).hasSize(1);
        }
    }

    @Test
    @DisplayName("a list that is replaced often is told of only when it is overdue")
    void lists() {
        Expiration list = new Expiration("the list", END, false);
        try (Logged logged = new Logged()) {
            assertThat(daysBefore(1, list)).isEmpty();
            assertThat(daysBefore(-1, list)).hasSize(1);
            assertThat(logged.warnings()).hasSize(1);
        }
    }
}
