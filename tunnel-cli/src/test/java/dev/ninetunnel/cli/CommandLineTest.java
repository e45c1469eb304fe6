package dev.ninetunnel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.testing.EndpointPair;
import dev.ninetunnel.testing.FreePort;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the program says when all is well, and when something is typed wrong, missing or in the way. */
class CommandLineTest {
    private static final String NOBODY = "0123456789abcdef".repeat(4);

    @TempDir
    private Path folder;

    private record Said(int code, String out, String err) {}

    private Said type(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.add("--home=" + folder.resolve("home"));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), all.toArray(String[]::new));
        return new Said(code, out.toString(), err.toString());
    }

    private void expect(Said said, int code, String... words) {
        assertThat(said.err()).contains(words).doesNotContain("\tat ");
        assertThat(said.code()).isEqualTo(code);
    }

    @Test
    void aKeyIsMadeOnFirstUseAndTheIdStays() throws Exception {
        Said first = type("id");
        assertThat(first.out().strip()).matches("[0-9a-f]{64}");
        assertThat(type("id")).isEqualTo(first);
        assertThat(Files.getPosixFilePermissions(folder.resolve("home/key.pem"))).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hello", "nt1-", "nt1-CRYI1A6ZO5Ro"})
    void whatIsNoInvitationIsToldFromOneThatWasCut(String code) {
        expect(type("accept", code), 64, code.equals("hello") ? "begins with nt1-" : "cut short", "--help");
        assertThat(folder.resolve("home/peers")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--expires=0", "--expires=8h30", "--expires=999h", "--address=443", "--listen=a:b:c"})
    void anInvitationThatCannotBeIsNotMade(String option) {
        expect(type("invite", "laptop", "--no-wait", option), 64, "Try 'ninetunnel invite --help'");
        assertThat(folder.resolve("home/invitations")).doesNotExist();
    }

    @Test
    void anInvitationSaysWhatFollowsAndItsOutputIsTheOneCommand() {
        Said said = type("invite", "laptop", "--no-wait", "--address", "server.example.org:443", "--expires", "90s");
        expect(said, 0, "within 90 seconds", "server.example.org:443", "'ninetunnel listen'");
        assertThat(said.out()).matches("echo nt1-[A-Za-z0-9_-]+ \\| ninetunnel accept\\R");
        expect(type("invite", "ctl", "--no-wait"), 64, "cannot name a peer");
    }

    @Test
    void aPeerWhoseKeyStandsInTheFileIsNotInvited() throws Exception {
        Files.createDirectories(folder.resolve("home"));
        Files.writeString(folder.resolve("home/ninetunnel.toml"), """
                listen = "443"
                [peer.laptop]
                id = "%s"
                """.formatted(NOBODY));
        expect(type("invite", "laptop", "--no-wait"), 78, "[peer.laptop]", "'id'");
    }

    @Test
    void whereNoPeerIsListedPeersSaysHowToPair() {
        Said nobody = type("peers");
        assertThat(nobody.out()).isEmpty();
        assertThat(nobody.err()).contains("no peer is in ", "ninetunnel invite");
        assertThat(nobody.code()).isZero();
    }

    @Test
    void aPeerThatIsTrustedIsListed() {
        assertThat(type("trust", NOBODY, "--name", "server").code()).isZero();
        assertThat(type("peers").out()).isEqualTo(NOBODY + " server" + System.lineSeparator());
        assertThat(type("peers", "-l").out()).as("where no endpoint runs").matches("server +- +" + NOBODY + " -\\R");
    }

    @Test
    void aPeerIdThatIsNoneIsRefusedWithWhatOneIs() {
        expect(type("trust", "12345", "--name", "server"), 64, "ninetunnel: ", "64");
        expect(type("trust", NOBODY, "--name", "../evil"), 64, "cannot name a peer");
        expect(type("trust", NOBODY), 64, "--name");
    }

    @Test
    void aCommandThatIsNoneIsAnsweredWithASuggestion() {
        expect(type("lisen"), 64, "listen");
    }

    static Stream<String> commands() {
        // What the shells ask to complete a word is hidden.
        return Commands.ALL.stream().map(Commands.Entry::name).filter(name -> !name.equals("complete"));
    }

    @ParameterizedTest
    @MethodSource("commands")
    @DisplayName("each command has a help text with an example")
    void help(String command) {
        Said said = type(command, "--help");
        assertThat(said.code()).isZero();
        assertThat(said.out()).contains("Usage: ninetunnel " + command).contains("Example:\n  ninetunnel ");
    }

    @Test
    void theProgramsHelpNamesEveryCommandAndSoDoesOneWithAnOptionBefore() {
        assertThat(type("--help").out()).contains(commands().map(name -> "\n  " + name + " ").toList());
        assertThat(type("-v", "id", "--help").out()).contains("Usage: ninetunnel id");
    }

    @Test
    void aPortInUseIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            expect(type("listen", "127.0.0.1:" + taken.getLocalPort()), 69, String.valueOf(taken.getLocalPort()),
                    "in use");
        }
    }

    @Test
    void anExportThatIsNotThereIsNamed() {
        expect(type("listen", "127.0.0.1:0", "--export", "/no/such/directory"), 66, "/no/such/directory");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "0", "100", "4095", "16777217"})
    void anMsizeOutOfRangeIsRefusedWithTheRange(String msize) {
        expect(type("listen", "127.0.0.1:0", "--msize", msize), 64, "4096", "16777216");
    }

    @Test
    void aHomeThatCannotBeIsNamedWithoutTheNameOfAnException() throws Exception {
        Files.createFile(folder.resolve("home"));
        Said said = type("id");
        expect(said, 78, folder.resolve("home").toString(), "--home");
        assertThat(said.err()).doesNotContain("Exception");
    }

    @Test
    void aPeerThatNobodyTrustedCannotBeDialled() {
        expect(type("dial", "127.0.0.1:9", "--peer", "server"), 78, "'server'", "ninetunnel trust");
    }

    @Test
    void aPortThatNobodyListensAtIsSaidToBeSo() throws Exception {
        type("trust", NOBODY, "--name", "server");
        int port = FreePort.find();
        expect(type("dial", "127.0.0.1:" + port, "--peer", "server"), 69, "nobody listens at 127.0.0.1:" + port);
    }

    @Test
    void aPasswordOnTheCommandLineIsRefusedAndNotRepeated() {
        type("trust", NOBODY, "--name", "server");
        Said said = type("dial", "far.example", "--peer", "server", "--proxy", "http://ann:hush@proxy.example:3128");
        expect(said, 64, "--proxy-credentials FILE");
        assertThat(said.err()).doesNotContain("hush");
    }

    @Test
    void credentialsThatOthersCanReadAreRefused() throws Exception {
        type("trust", NOBODY, "--name", "server");
        Path file = Files.writeString(folder.resolve("secret"), "ann:hush");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        expect(type("dial", "far.example", "--peer", "server", "--proxy", "http://proxy.example:3128",
                "--proxy-credentials", file.toString()), 78, "chmod 600 " + file);
    }

    @Test
    void aWayIsNeededAndOneIsEnough() {
        type("trust", NOBODY, "--name", "server");
        expect(type("dial", "--peer", "server"), 64, "HOST[:PORT]", "--via COMMAND");
        expect(type("dial", "far.example", "--peer", "server", "--via", "true"), 64, "--via is the whole way");
        expect(type("dial", "far.example", "--peer", "server", "--proxy", "gopher://p"), 64, "--proxy", "socks5://");
        expect(type("listen", "--stdio", "5640"), 64, "leave 5640 out");
    }

    @Test
    void aCommandThatLeadsNowhereIsToldOfWithItsLastWords() {
        type("trust", NOBODY, "--name", "server");
        expect(type("dial", "--peer", "server", "--via", "echo no way 1>&2; exit 3"), 69, "exit code 3", "no way");
        expect(type("dial", "--peer", "server", "--via", "no-such-command"), 66, "no-such-command", "127");
    }

    @Test
    void aHostThatIsNotKnownIsSaidToBeSo() {
        type("trust", NOBODY, "--name", "server");
        expect(type("dial", "no-such-host.invalid", "--peer", "server"), 68, "no-such-host.invalid");
    }

    @Test
    void aFarSideWithAnotherKeyIsRefusedAndItsKeyShown() throws Exception {
        try (EndpointPair pair = EndpointPair.linked(folder)) {
            type("trust", NOBODY, "--name", "server");
            expect(type("dial", new HostPort("127.0.0.1", pair.address().getPort()).toString(), "--peer", "server"), 77,
                    NOBODY, pair.south().id().toString());
        }
    }

    @Test
    void aFarSideThatDoesNotTrustUsIsNamedWithWhatToDoThere() throws Exception {
        try (EndpointPair pair = EndpointPair.linked(folder)) {
            type("trust", pair.south().id().toString(), "--name", "server");
            String self = type("id").out().strip();
            expect(type("dial", new HostPort("127.0.0.1", pair.address().getPort()).toString(), "--peer", "server"), 77,
                    "ninetunnel trust " + self);
            pair.awaitLinked();
        }
    }

    @Test
    void aLocalSocketThatIsTooLongOrTakenIsNamed() throws Exception {
        type("trust", NOBODY, "--name", "server");
        String tooLong = "/tmp/" + "x".repeat(120);
        expect(type("dial", "127.0.0.1:9", "--peer", "server", "--local", "unix:" + tooLong), 73, tooLong);
        Path taken = folder.resolve("taken");
        try (ServerSocketChannel live = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            live.bind(UnixDomainSocketAddress.of(taken));
            expect(type("dial", "127.0.0.1:9", "--peer", "server", "--local", "unix:" + taken), 73, taken.toString());
        }
        Path file = Files.writeString(folder.resolve("file"), "precious");
        expect(type("dial", "127.0.0.1:9", "--peer", "server", "--local", "unix:" + file), 73, file.toString());
        assertThat(file).hasContent("precious");
    }

    @Test
    void theMountCommandCanBePrinted() {
        assertThat(type("mount", "--print", "server:data", "/mnt/data").out()).isEqualTo(
                "mount -t 9p -o trans=unix,version=9p2000.L,msize=131096,access=any,nosuid,nodev,aname=data "
                        + folder.resolve("home/run/server.9p") + " /mnt/data" + System.lineSeparator());
    }

    @Test
    void theStatusSaysThatNoEndpointRuns() throws Exception {
        expect(type("status"), 69, "no endpoint runs here", "--run");
        Path run = Files.createDirectories(folder.resolve("home/run"));
        try (ServerSocketChannel gone = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            gone.bind(UnixDomainSocketAddress.of(run.resolve("ctl.9p")));
        }
        expect(type("status"), 69, "no endpoint runs here");
    }

    @Test
    void theStatusIsToldForPeopleAndForPrograms() throws Exception {
        try (EndpointPair pair = EndpointPair.linked(folder)) {
            String run = "--run=" + folder.resolve("home-north/run");
            assertThat(type("status", run).out()).startsWith("endpoint " + pair.north().id())
                    .contains("south: linked\n", "link           127.0.0.1:" + pair.address().getPort() + ", TLSv1.3");
            Said json = type("status", "--json", run);
            assertThat(json.code()).isZero();
            assertThat(json.out()).startsWith("{\"id\":\"" + pair.north().id())
                    .contains("\"name\":\"south\",\"linked\":true,\"state\":\"linked\"").endsWith("}\n");
        }
    }

    @Test
    void theDemoShowsOneConnection() {
        Said said = type("demo", "--size", "2");
        assertThat(said.err()).isEmpty();
        assertThat(said.out()).contains("exactly one TCP connection", "checksums", "MB/s", "small requests");
        assertThat(said.code()).isZero();
    }

    @Test
    void theDemoMountsAndTakesTheMountAway() throws IOException {
        assumeTrue(Files.isWritable(Path.of("/dev/fuse")) && Files.isExecutable(Path.of("/usr/bin/fusermount3")),
                "SKIPPED: takes /dev/fuse and fusermount3 (apt-get install fuse3)");
        Said said = type("demo", "--size", "1", "--mount");
        assertThat(said.err()).isEmpty();
        assertThat(said.out()).contains("as well: big, hello.txt", "says at south: \"written through the mount\"");
        assertThat(said.code()).isZero();
        assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain("ninetunnel-demo");
    }

    @Test
    void timesThatLeaveNoRoomForAnAnswerAreRefused() {
        expect(type("listen", "127.0.0.1:0", "--keepalive", "20", "--dead-after", "25"), 64, "20.0 s", "25.0 s");
        expect(type("listen", "127.0.0.1:0", "--keepalive", "0"), 64, "0.0 s");
        expect(type("listen", "127.0.0.1:0", "--session-life", "-1"), 64, "remembered");
    }
}
