package dev.ninetunnel.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ninetunnel.link.dial.Destination;
import dev.ninetunnel.link.dial.Proxy;
import dev.ninetunnel.link.dial.ProxyCredentials;
import dev.ninetunnel.link.dial.ProxyEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which proxy is meant, by what is typed and by the environment. */
class ProxyTest {
    @TempDir
    Path folder;

    private static Proxy proxy(Proxy.Kind kind, String host, int port) {
        return new Proxy(kind, new HostPort(host, port), Optional.empty());
    }

    @Test
    @DisplayName("a proxy is written as a URL; what is left out has its usual meaning")
    void urls() {
        assertThat(Proxy.parse("http://p.example:3128")).isEqualTo(proxy(Proxy.Kind.HTTP, "p.example", 3128));
        assertThat(Proxy.parse("p.example:3128/")).isEqualTo(proxy(Proxy.Kind.HTTP, "p.example", 3128));
        assertThat(Proxy.parse("HTTP://p.example")).isEqualTo(proxy(Proxy.Kind.HTTP, "p.example", 80));
        assertThat(Proxy.parse("socks5://[::1]")).isEqualTo(proxy(Proxy.Kind.SOCKS5, "::1", 1080));
        assertThat(Proxy.parse("socks5h://p:1")).isEqualTo(proxy(Proxy.Kind.SOCKS5, "p", 1));
        assertThat(Proxy.parse("http://ann:a%40b+c@p").credentials()).contains(new ProxyCredentials("ann", "a@b+c"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "https://p", "socks4://p", "ftp://p", "http://", "http://p:x", "http://p/path", "3128",
            "http://%zz:b@p"})
    @DisplayName("what is no proxy is refused")
    void noProxy(String url) {
        assertThatThrownBy(() -> Proxy.parse(url)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @DisplayName("a password is shown nowhere")
    void secret() {
        Proxy proxy = Proxy.parse("http://ann:hush@p:1");
        assertThat(proxy.toString() + proxy.credentials() + new Destination.Proxied(new HostPort("h", 1), proxy))
                .doesNotContain("hush");
        assertThatThrownBy(() -> Proxy.parse("gopher://ann:hush@p")).message().doesNotContain("hush");
        assertThatThrownBy(() -> Proxy.parse("http://ann:hush%z@p")).message().doesNotContain("hush");
    }

    @Test
    @DisplayName("https_proxy comes before all_proxy, and small letters before capitals")
    void order() {
        HostPort far = new HostPort("far.example", 443);
        assertThat(new ProxyEnvironment(Map.of()).proxyFor(far)).isEmpty();
        assertThat(new ProxyEnvironment(Map.of("http_proxy", "http://no:1")).proxyFor(far)).isEmpty();
        assertThat(new ProxyEnvironment(Map.of("ALL_PROXY", "socks5://d:1")).proxyFor(far))
                .contains(Proxy.parse("socks5://d:1"));
        assertThat(new ProxyEnvironment(Map.of("all_proxy", "http://c:1", "ALL_PROXY", "http://d:1", "HTTPS_PROXY",
                "http://b:1")).proxyFor(far)).contains(Proxy.parse("http://b:1"));
        assertThat(new ProxyEnvironment(Map.of("https_proxy", "http://a:1", "HTTPS_PROXY", "http://b:1"))
                .proxyFor(far)).contains(Proxy.parse("http://a:1"));
        assertThatThrownBy(() -> new ProxyEnvironment(Map.of("HTTPS_PROXY", "gopher://a")).proxyFor(far))
                .hasMessageContaining("HTTPS_PROXY").hasMessageContaining("--proxy none");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"far.example|far.example|false", "example|far.example|false",
            ".example|far.example|false", "*.example|far.example|false", "FAR.example|far.EXAMPLE|false",
            "ample|far.example|true", "other, far.example:443|far.example|false", "far.example:80|far.example|true",
            "*|far.example|false", "192.0.2.7|192.0.2.7|false", "192.0.2.0/24|192.0.2.7|false",
            "192.0.2.0/24|192.0.3.7|true", "192.0.2.0/99|192.0.2.7|true", "2001:db8::/32|2001:db8::7|false",
            "[2001:db8::7]:443|2001:db8::7|false", "[2001:db8::7]:80|2001:db8::7|true", "2001:db8::7|2001:DB8::7|false",
            "''|localhost|false", "''|127.0.0.1|false", "''|::1|false", "''|far.example|true"})
    @DisplayName("no_proxy exempts hosts, and this very host needs no exemption")
    void exempt(String list, String host, boolean proxied) {
        var environment = new ProxyEnvironment(Map.of("https_proxy", "http://p:1", "no_proxy", list));
        assertThat(environment.proxyFor(new HostPort(host, 443)).isPresent()).isEqualTo(proxied);
    }

    @Test
    @DisplayName("credentials come from a file that nobody else can read")
    void credentials() throws IOException {
        Path file = Files.createFile(folder.resolve("secret"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, "ann:a:b c\n");
        assertThat(ProxyCredentials.read(file)).isEqualTo(new ProxyCredentials("ann", "a:b c"));
        Files.writeString(file, "ann");
        assertThatThrownBy(() -> ProxyCredentials.read(file)).hasMessageContaining("USER:PASSWORD");
        Files.writeString(file, "ann:x\nbob:y\n");
        assertThatThrownBy(() -> ProxyCredentials.read(file)).hasMessageContaining("one line");
        assertThatThrownBy(() -> ProxyCredentials.read(folder.resolve("none")))
                .hasMessageContaining("there is no file");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertThatThrownBy(() -> ProxyCredentials.read(file)).hasMessageContaining("chmod 600 " + file);
    }

    @Test
    @DisplayName("RFC 1929: what SOCKS cannot carry is refused at the start")
    void socks() {
        assertThatThrownBy(() -> Proxy.parse("socks5://ann@p")).hasMessageContaining("1 to 255");
        assertThatThrownBy(() -> Proxy.parse("socks5://ann:" + "x".repeat(256) + "@p"))
                .hasMessageContaining("1 to 255");
    }
}
