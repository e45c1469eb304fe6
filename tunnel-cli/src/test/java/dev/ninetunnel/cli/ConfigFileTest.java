package dev.ninetunnel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ninetunnel.audit.AuditConfig;
import dev.ninetunnel.cli.config.ConfigFile;
import dev.ninetunnel.cli.options.CommonOptions;
import dev.ninetunnel.cache.behind.WriteBehind;
import dev.ninetunnel.endpoint.HubConfig;
import dev.ninetunnel.endpoint.PeerConfig;
import dev.ninetunnel.endpoint.web.WebConfig;
import dev.ninetunnel.export.Export;
import dev.ninetunnel.export.Grant;
import dev.ninetunnel.identity.CredentialFiles;
import dev.ninetunnel.link.HandshakeLimits;
import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.link.dial.Destination;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a file means, and what is said of one that is wrong. */
class ConfigFileTest {
    private static final String ID = "0123456789abcdef".repeat(4);
    private static final String GOOD = """
            listen = ["127.0.0.1:0"]
            msize = 65560

            [export.data]
            path = "data"
            hide = ["*.key"]

            [peer.ann]
            id = "%s"
            allow = { data = "ro" }
            """.formatted(ID);

    @TempDir
    private Path folder;

    private record Said(int code, String out, String err) {}

    private Said verify(String text) throws IOException {
        Files.createDirectories(folder.resolve("data"));
        Files.writeString(folder.resolve("ninetunnel.toml"), text);
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.run(new PrintWriter(out), new PrintWriter(err), "verify", "--home=" + folder);
        return new Said(code, out.toString(), err.toString());
    }

    private HubConfig read(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("ninetunnel.toml"), text);
        return ConfigFile.read(file, new CommonOptions()).setup();
    }

    @Test
    @DisplayName("a file says where key, certificate and authorities are, and as whom to run; relative to itself")
    void papers() throws IOException {
        HubConfig hubConfig = read("""
                listen = "443"
                ca = ["ca.pem", "/etc/other.pem"]
                crl = "crl.pem"
                cert = "me.pem"
                key = "me.key"
                user = "nobody"
                [peer.ann]
                """);
        assertThat(hubConfig.config().papers()).isEqualTo(new CredentialFiles(
                new CredentialFiles.Own.Pem(folder.resolve("me.pem"), folder.resolve("me.key")),
                List.of(folder.resolve("ca.pem"), Path.of("/etc/other.pem")), List.of(folder.resolve("crl.pem"))));
        assertThat(hubConfig.config().user().orElseThrow().user().uid()).isEqualTo(65534);
        CredentialFiles store = read("listen = \"443\"\npkcs12 = \"me.p12\"\npassword-file = \"secret\"\n[peer.ann]\n")
                .config().papers();
        assertThat(store.own()).isInstanceOfSatisfying(CredentialFiles.Own.Pkcs12.class, own -> {
            assertThat(own.file()).isEqualTo(folder.resolve("me.p12"));
            assertThat(own.password().file()).contains(folder.resolve("secret"));
        });
    }

    @Test
    @DisplayName("a file says how much is kept of a peer's files, for each peer")
    void cache() throws IOException {
        HubConfig hubConfig = read("""
                listen = "443"
                [peer.ann]
                [peer.bob]
                cache = "16M"
                [peer.eve]
                cache = "off"
                """);
        assertThat(hubConfig.peers()).extracting(PeerConfig::cache).containsExactly(OptionalLong.empty(),
                OptionalLong.of(16 << 20), OptionalLong.of(0));
        assertThat(verify("listen = \"443\"\n[peer.ann]\ncache = \"64\"\n").err())
                .contains("'64' is no size of a cache: say off, or at least 1M, such as 64M");
    }

    @Test
    @DisplayName("a file says whose writes are answered before a peer has them, for each peer")
    void writeBehind() throws IOException {
        HubConfig hubConfig = read("""
                listen = "443"
                [peer.ann]
                [peer.bob]
                write-behind = "all"
                [peer.eve]
                write-behind = "off"
                """);
        assertThat(hubConfig.peers()).extracting(PeerConfig::writeBehind).containsExactly(Optional.empty(),
                Optional.of(WriteBehind.ALL), Optional.of(WriteBehind.OFF));
        assertThat(verify("listen = \"443\"\n[peer.ann]\nwrite-behind = \"yes\"\n").err())
                .contains("write mounts, all or off");
    }

    @Test
    @DisplayName("[metrics] and [ui] are of this machine, the metrics alone may be told elsewhere too, if that is written")
    void web() throws IOException {
        assertThat(read(GOOD).config().web()).isEqualTo(WebConfig.NONE);
        assertThat(read(GOOD + "[metrics]\nlisten = '9640'\n").config().web().metrics())
                .contains(new HostPort("127.0.0.1", 9640));
        assertThat(read(GOOD + "[ui]\nlisten = '9641'\n").config().web().page())
                .contains(new HostPort("127.0.0.1", 9641));
        assertThat(verify(GOOD + "[ui]\nlisten = '*:9641'\n").err()).contains("is for this host alone");
        assertThat(verify(GOOD + "[metrics]\nlisten = '9640'\n[ui]\nlisten = '9640'\n").err())
                .contains("the same port 9640");
        assertThat(verify(GOOD + "[metrics]\n").err()).contains("[metrics] needs listen");
        assertThat(verify(GOOD + "[metrics]\nlisten = 'here'\n").err()).contains("here has no port");
    }

    @Test
    @DisplayName("a file says where a record is kept, and whether of changes; relative to itself, and not without a file")
    void audit() throws IOException {
        HubConfig hubConfig = read("listen = \"443\"\n[audit]\nfile = \"log/a.jsonl\"\nchanges = true\n[peer.ann]\n");
        assertThat(hubConfig.config().audit()).contains(new AuditConfig(folder.resolve("log/a.jsonl"), true));
        assertThat(read("listen = \"443\"\n[peer.ann]\n").config().audit()).isEmpty();
        assertThat(verify(GOOD + "\n[audit]\nchanges = true\n").err()).contains("[audit] needs file");
        assertThat(verify(GOOD + "\n[audit]\nfile = 'a'\nchange = true\n").err()).contains("did you mean 'changes'");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"crl = 'crl.pem' | crl) is of no use without the authority",
            "key = 'me.key' | add cert", "cert = 'a'; pkcs12 = 'b' | leave one out",
            "password-file = 'a' | is for pkcs12", "user = 'root' | gives up nothing",
            "user = 'no-such-user' | there is no user 'no-such-user'",
            "user = 'nobody:no-such-group' | there is no group 'no-such-group'", "crll = 'a' | did you mean 'crl'",
            "ca = 'missing.pem' | there is no file"})
    @DisplayName("papers and users that cannot be are told")
    void wrongPapers(String lines, String words) throws IOException {
        Said said = verify(lines.replace("; ", "\n") + "\n" + GOOD);
        assertThat(said.code()).isEqualTo(78);
        assertThat(said.err()).contains(words);
    }

    @Test
    @DisplayName("a file says where to listen and dial, what is exported, and who may do what")
    void whole() throws IOException {
        HubConfig hubConfig = read("""
                listen = "443"
                home = "here"
                run = "/run/tunnel"

                [log]
                level = "debug"

                [limits]
                session-life = 60
                drain = "1s"
                opening = 5
                handshakes = "10:50:20"
                handshakes-per-address = 7
                handshakes-per-second = 8
                handshakes-per-second-per-address = 9

                [export.data]
                path = "/srv/data"
                ro = true
                no-xattr = true

                [export.other]
                upstream = "tcp:localhost:564"

                [peer.ann]
                id = "%s"
                dial = "ann.example.org:443"
                proxy = "none"
                local = "unix:/tmp/ann.9p"
                resume = false
                [peer.ann.allow]
                data = "rw"
                [peer.ann.allow.other]
                access = "ro"
                subtree = "/pub/now/"
                speak-for = ["ann", "2000-2999"]
                [peer.ann.limits]
                fids = 100
                bytes-in-flight = "4M"

                [peer.bob]
                """.formatted(ID));
        assertThat(hubConfig.listen()).containsExactly(new HostPort("", 443));
        assertThat(hubConfig.config().home()).isEqualTo(folder.resolve("here"));
        assertThat(hubConfig.config().run()).isEqualTo(Path.of("/run/tunnel"));
        assertThat(hubConfig.config().limits().session().life()).isEqualTo(Duration.ofMinutes(1));
        assertThat(hubConfig.config().limits().drain()).isEqualTo(Duration.ofSeconds(1));
        assertThat(hubConfig.config().limits().session().opening()).isEqualTo(Duration.ofSeconds(5));
        assertThat(hubConfig.config().limits().door())
                .isEqualTo(new HandshakeLimits(new HandshakeLimits.Crowd(10, 50, 20), 7, 8, 9));
        assertThat(hubConfig.config().exports()).extracting(Export::name).containsExactly("data", "other");
        assertThat(((Export.Target.Directory) hubConfig.config().exports().getFirst().target()).options())
                .satisfies(o -> assertThat(o.readOnly()).isTrue())
                .satisfies(o -> assertThat(o.attributes()).isFalse());
        PeerConfig ann = hubConfig.peers().getFirst();
        assertThat(ann.dial()).contains(new Destination.Direct(new HostPort("ann.example.org", 443)));
        assertThat(ann.locals()).hasSize(1);
        assertThat(ann.rights().resume()).isFalse();
        assertThat(ann.rights().limits().fids()).isEqualTo(100);
        assertThat(ann.rights().limits().bytesInFlight()).isEqualTo(4 << 20);
        assertThat(ann.rights().grants().get("data")).isEqualTo(Grant.ALL);
        assertThat(ann.rights().grants().get("other").path()).containsExactly("pub", "now");
        assertThat(ann.rights().grants().get("other").speakFor()).containsExactly("ann", "2000-2999");
        PeerConfig bob = hubConfig.peers().getLast();
        assertThat(bob.key()).isEmpty();
        assertThat(bob.rights().grants()).isEmpty();
    }

    @Test
    @DisplayName("verify shows what each peer may do")
    void shown() throws IOException {
        Said said = verify(GOOD + "[peer.bob]\n");
        assertThat(said.err()).isEmpty();
        assertThat(said.code()).isZero();
        assertThat(said.out()).contains("ann: data ro").contains("bob: may use nothing here (its key is not known yet");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            msize = 65560          | msiz = 65560           | 2 | 'msiz': did you mean 'msize'?
            hide = ["*.key"]       | hid = ["*.key"]        | 6 | 'hid' in [export.data]: did you mean 'hide'?
            hide = ["*.key"]       | no_xattr = true        | 6 | did you mean 'no-xattr'?
            hide = ["*.key"]       | ro = "yes"             | 6 | ro must be true or false
            hide = ["*.key"]       | users = ["daemon"]     | 5 | without as=attach
            path = "data"          |                        | 6 | needs a path
            id = "                 | id = "12               | 9 | is not a peer id
            data = "ro"            | data = "r"             | 10 | write "ro" or "rw"
            data = "ro"            | dta = "ro"             | 10 | nothing is exported under the name "dta"
            data = "ro"            | data = { access = "ro", subtree = ".." } | 10 | without '.' and '..'
            data = "ro"            | data = { subtree = "x" } | 10 | needs access
            [peer.ann]             | [peer.".ann"]          | 8 | cannot name a peer
            msize = 65560          | msize = 100            | 2 | goes from
            listen = ["127.0.0.1:0"] | listen = ["host:x"]  | 1 | host:x
            """)
    @DisplayName("what is wrong is told with its line, and what was meant")
    void wrong(String good, String bad, int line, String message) throws IOException {
        assertThat(GOOD).contains(good);
        Said said = verify(GOOD.replace(good, bad == null ? "" : bad));
        assertThat(said.code()).isEqualTo(78);
        assertThat(said.err()).contains("ninetunnel.toml:" + line + ":").contains(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"handshakes = '64:30' | write START:PERCENT:FULL",
            "handshakes = '64:30:63' | FULL is START to",
            "handshakes-per-address = 0 | handshakes-per-address of 0 cannot be",
            "handshakes-per-second = 0 | handshakes-per-second of 0", "opening = 0 | opening is more than 0",
            "handshakes-per-sec = 9 | did you mean 'handshakes-per-second'"})
    @DisplayName("bounds for strangers that cannot be are told")
    void wrongDoor(String line, String words) throws IOException {
        Said said = verify(GOOD + "[limits]\n" + line + "\n");
        assertThat(said.code()).isEqualTo(78);
        assertThat(said.err()).contains(words);
    }

    @Test
    @DisplayName("all that is wrong is told at once")
    void several() throws IOException {
        Said said = verify(GOOD.replace("msize", "msiz").replace("hide", "hid"));
        assertThat(said.err()).contains("msiz").contains("'hid'");
    }

    @Test
    @DisplayName("a file that is no TOML, and one that is not there, are told apart by the exit code")
    void noFile() throws IOException {
        assertThat(verify("listen = \n").code()).isEqualTo(78);
        Files.delete(folder.resolve("ninetunnel.toml"));
        StringWriter err = new StringWriter();
        assertThat(Main.run(new PrintWriter(new StringWriter()), new PrintWriter(err), "verify", "--home=" + folder))
                .isEqualTo(66);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            path = "data"           | path = "no such"               | 5 | the directory
            msize = 65560           | ca = ["no-such.pem"]           | 2 | there is no file
            msize = 65560           | cert = "no-such.pem"           | 2 | there is no file
            """)
    @DisplayName("what the file names and is not there is told with its line, in the same way whatever it is")
    void missing(String good, String bad, int line, String message) throws IOException {
        Said said = verify(GOOD.replace(good, bad));
        assertThat(said.code()).isEqualTo(78);
        assertThat(said.err()).contains("ninetunnel.toml:" + line + ":").contains(message);
    }

    @Test
    @DisplayName("a directory to export that is not there is one mistake, and not one more for each peer that may use it")
    void missingOnce() throws IOException {
        assertThat(verify(GOOD.replace("path = \"data\"", "path = \"no such\"")).err().lines()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "[peer.socket]~local = [\"unix:/no/such/x.sock\"]~allow = {} | no socket can be made in it",
            "[audit]~file = \"data\" | is a directory: name a file in it"})
    @DisplayName("where 'up' could make no socket or record is found before")
    void notToBeMade(String lines, String message) throws IOException {
        Said said = verify(GOOD + lines.replace('~', '\n') + "\n");
        assertThat(said.code()).isEqualTo(78);
        assertThat(said.err()).contains("ninetunnel.toml:12:").contains(message);
    }

    @Test
    @DisplayName("a record in a directory that is not there is found before 'up' cannot make it")
    void missingAuditDirectory() throws IOException {
        Said said = verify(GOOD + "[audit]\nfile = \"no/such/record\"\n");
        assertThat(said.code()).isEqualTo(78);
        assertThat(said.err()).contains("ninetunnel.toml:12:").contains("no/such").contains("is not there");
    }

    @Test
    @DisplayName("a file that allows nobody anything is refused, with what to write")
    void nothingAllowed() {
        assertThatThrownBy(() -> read("listen = \"443\"\n")).isInstanceOf(Failure.class)
                .hasMessageContaining("[peer.NAME]");
        assertThatThrownBy(() -> read(GOOD.replace("allow = { data = \"ro\" }", ""))).isInstanceOf(Failure.class)
                .hasMessageContaining("data = \"ro\"");
        assertThatThrownBy(() -> read(GOOD.replace("listen = [\"127.0.0.1:0\"]", ""))).isInstanceOf(Failure.class)
                .hasMessageContaining("neither listens nor dials");
    }

    @Test
    @DisplayName("reload says that no endpoint runs")
    void nobodyThere() {
        StringWriter err = new StringWriter();
        assertThat(Main.run(new PrintWriter(new StringWriter()), new PrintWriter(err), "reload", "--home=" + folder))
                .isEqualTo(69);
        assertThat(err.toString()).contains("ninetunnel up");
    }
}
