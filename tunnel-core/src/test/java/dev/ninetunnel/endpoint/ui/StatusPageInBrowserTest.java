package dev.ninetunnel.endpoint.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.ninetunnel.client.Progress;
import dev.ninetunnel.client.RemoteFiles;
import dev.ninetunnel.client.RemotePath;
import dev.ninetunnel.endpoint.Endpoint;
import dev.ninetunnel.endpoint.control.Status;
import dev.ninetunnel.endpoint.web.WebConfig;
import dev.ninetunnel.endpoint.web.WebServers;
import dev.ninetunnel.http.HttpServer;
import dev.ninetunnel.json.Json;
import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.testing.Chromium;
import dev.ninetunnel.testing.EndpointPair;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The page in a real browser: what somebody sees and clicks. With {@code -Daxe=FILE}, axe.min.js of npm's axe-core, it is looked
 * through for what keeps people out; with {@code -Dpictures=FOLDER} the pictures of docs/ui.md are made.
 */
@Tag("long")
class StatusPageInBrowserTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int ESCAPE = 27;

    @TempDir
    private Path folder;

    @BeforeEach
    void browser() {
        assumeThat(Chromium.isInstalled()).as("there is a chromium").isTrue();
    }

    /** As 'ninetunnel ui' asks for it. */
    private static String address(Endpoint endpoint) throws IOException {
        try (RemoteFiles files = EndpointPair.connect(endpoint.socket("ctl"))) {
            byte[] wish = {'\n'};
            files.write(RemotePath.of("ui"), new ByteArrayInputStream(wish), 0600, wish.length, Progress.NONE);
            ByteArrayOutputStream read = new ByteArrayOutputStream();
            files.read(RemotePath.of("ui"), read, Progress.NONE);
            return read.toString(StandardCharsets.UTF_8).strip();
        }
    }

    private static boolean isLinked(Endpoint endpoint) {
        return endpoint.status().peers().stream().anyMatch(Status.PeerStatus::linked);
    }

    private static Duration age(Endpoint endpoint) {
        return endpoint.status().peers().getFirst().session().map(Status.SessionStatus::age).orElse(Duration.ofDays(1));
    }

    @Test
    @DisplayName("somebody opens the page, asks to disconnect and thinks better of it, disconnects, pairs, and revokes")
    void clicks() throws Exception {
        try (EndpointPair pair = EndpointPair.linked(folder.resolve("pair"));
                Chromium chromium = new Chromium(folder.resolve("chromium"))) {
            Endpoint south = pair.south();
            chromium.screen(900, 720, false);
            chromium.go(address(south));
            assertThat(chromium.ask("location.search")).as("the token is out of the address").isEmpty();
            chromium.until("document.querySelector('[data-peer=north] .state')?.textContent === 'linked'");
            assertThat(chromium.ask("document.cookie")).as("no script sees the cookie").isEmpty();

            chromium.ask("window.button = document.querySelector(\"[aria-label='Disconnect north']\")");
            String told = chromium.ask("document.querySelector('#peers').innerHTML");
            chromium.until("document.querySelector('#peers').innerHTML !== " + Json.of(told));
            assertThat(chromium.ask("window.button.isConnected")).as("a button stays while it is pressed")
                    .isEqualTo("true");

            Duration before = age(south);
            chromium.click("[aria-label='Disconnect north']");
            chromium.until("document.querySelector('#confirm').open");
            assertThat(chromium.ask("document.activeElement.textContent")).as("what Enter does").isEqualTo("Cancel");
            chromium.press("Escape", ESCAPE);
            chromium.until("!document.querySelector('#confirm').open");
            assertThat(age(south)).as("nothing has happened").isGreaterThanOrEqualTo(before);

            Duration asked = age(south);
            chromium.click("[aria-label='Disconnect north']");
            chromium.click("#confirm-yes");
            chromium.until("document.querySelector('#said').textContent === 'north is disconnected'");
            await().atMost(PATIENCE).until(() -> isLinked(south) && age(south).compareTo(asked) < 0);

            chromium.click("#pair");
            chromium.click("#invite-name");
            chromium.type("phone");
            chromium.click("#invite-make");
            chromium.until("document.querySelector('#invite-line').textContent.startsWith('echo nt1-')");
            chromium.until("document.querySelector('#invite-code path').getAttribute('d').length > 1000");
            chromium.click("#invite-close");

            chromium.click("[aria-label='Revoke north']");
            chromium.click("#confirm-yes");
            await().atMost(PATIENCE).until(() -> !isLinked(south));
            chromium.until("!document.querySelector(\"[aria-label='Revoke north']\")");
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"light, 1080, 860, false", "dark, 1080, 860, true", "phone, 390, 844, true"})
    @DisplayName("on each screen all is within its width, can be told from its ground, and is in the picture")
    void screens(String name, int width, int height, boolean dark) throws Exception {
        WebServers servers = new WebServers();
        PageKeys keys = new PageKeys(InstantSource.system());
        try (servers;
                HttpServer server = servers.open(WebConfig.ANY_PORT,
                        new StatusPage(keys, since -> CompletableFuture.completedFuture(Example.state()),
                                Example.ACTIONS));
                Chromium chromium = new Chromium(folder.resolve("chromium"))) {
            chromium.screen(width, height, dark);
            chromium.go("http://" + HostPort.of(server.address()) + "/?token=" + keys.token());
            chromium.until("document.querySelectorAll('.peer').length === 3");
            assertThat(chromium.ask("document.documentElement.scrollWidth")).isEqualTo(String.valueOf(width));
            assertThat(
                    chromium.ask("[...document.querySelectorAll('.plot .line')].filter(l => l.getAttribute('d').length "
                            + "> 1000).length"))
                    .as("plots").isEqualTo("6");
            look(chromium);
            byte[] picture = chromium.picture();
            BufferedImage seen = ImageIO.read(new ByteArrayInputStream(picture));
            assertThat(luminance(seen.getRGB(2, height / 2))).as("the ground").matches(l -> dark ? l < 40 : l > 215);
            assertThat(colours(seen)).as("what is drawn").isGreaterThan(100);
            keep(name, picture);
            chromium.click("#pair");
            chromium.click("#invite-name");
            chromium.type("phone");
            chromium.click("#invite-make");
            chromium.until("document.querySelector('#invite-code').width.baseVal.value > 200");
            look(chromium);
            keep(name + "-pair", chromium.picture());
        }
    }

    private static void keep(String name, byte[] picture) throws IOException {
        String pictures = System.getProperty("pictures");
        if (pictures != null) {
            Files.write(Path.of(pictures).resolve("ui-" + name + ".png"), picture);
        }
    }

    private static int luminance(int rgb) {
        return (rgb >> 16 & 0xFF) * 3 / 10 + (rgb >> 8 & 0xFF) * 6 / 10 + (rgb & 0xFF) / 10;
    }

    private static long colours(BufferedImage seen) {
        int[] all = seen.getRGB(0, 0, seen.getWidth(), seen.getHeight(), null, 0, seen.getWidth());
        return java.util.Arrays.stream(all).distinct().count();
    }

    /** WCAG 2.1, levels A and AA. */
    private static void look(Chromium chromium) throws IOException {
        String axe = System.getProperty("axe");
        if (axe != null) {
            chromium.command("Runtime.evaluate", "expression", Files.readString(Path.of(axe)) + ";0");
            String found = chromium
                    .ask("axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa']}).then(r => r.passes.length "
                            + "+ ' rules kept\\n' + r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html).join(' '))"
                            + ".join('\\n'))");
            assertThat(found).matches("[1-9][0-9]+ rules kept\n");
        }
    }
}
