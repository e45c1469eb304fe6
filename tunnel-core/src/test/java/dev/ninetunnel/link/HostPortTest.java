package dev.ninetunnel.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import java.net.InetSocketAddress;
import java.net.InetAddress;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostPortTest {
    @ParameterizedTest
    @CsvSource({"443, '', 443, *:443", "rome, rome, 5640, rome:5640", "rome.example:70, rome.example, 70,",
            "192.0.2.1:70, 192.0.2.1, 70,", "[2001:db8::1]:70, 2001:db8::1, 70,", "[::1], ::1, 5640, [::1]:5640",
            ":80, '', 80, *:80", "[fe80::1%25eth0]:70, fe80::1%eth0, 70, [fe80::1%eth0]:70",
            "[fe80::1%eth0]:70, fe80::1%eth0, 70,", "[fe80::1%25], fe80::1%25, 5640, [fe80::1%25]:5640",
            "[fe80::1%25a%2Fb]:70, fe80::1%a/b, 70, [fe80::1%a/b]:70"})
    @DisplayName("an address is HOST, PORT or both, and an IPv6 address stands in brackets")
    void reads(String text, String host, int port, String shown) {
        assertThat(HostPort.parse(text)).isEqualTo(new HostPort(host, port))
                .hasToString(shown == null ? text : shown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "rome:", "rome:x", "rome:70000", "70000", "rome:-1", "::1", "[::1", "[]:5",
            "[fe80::1%25e%]:5",
            "[::1]5",
            "a:b:c", "99999999999"})
    @DisplayName("what is no address is refused in words")
    void refuses(String text) {
        assertThatThrownBy(() -> HostPort.parse(text)).isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching(".*(address|port).*");
    }

    @Test
    @DisplayName("an address of this host is shown as it is written: a star for all, IPv6 as short as can be")
    void bound() throws Exception {
        for (String[] pair : new String[][]{{"0.0.0.0", "*:443"}, {"::", "*:443"}, {"::1", "[::1]:443"},
                {"192.0.2.7", "192.0.2.7:443"}, {"2001:db8:0:0:1:0:0:0", "[2001:db8:0:0:1::]:443"}}) {
            assertThat(HostPort.of(new InetSocketAddress(InetAddress.getByName(pair[0]), 443))).hasToString(pair[1]);
        }
    }
}
