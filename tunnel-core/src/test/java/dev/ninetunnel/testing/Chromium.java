package dev.ninetunnel.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ninetunnel.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Debian's Chromium without a screen, driven by its DevTools protocol: one page, of which a test asks and in which it clicks. */
public final class Chromium implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/bin/chromium");
    /** Long enough for the busiest machine; nothing that works takes it. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Process process;
    private final WebSocket socket;
    private final AtomicInteger commands = new AtomicInteger();
    private final Map<Integer, CompletableFuture<String>> open = new ConcurrentHashMap<>();

    /** Whether it is there. */
    public static boolean isInstalled() {
        return Files.isExecutable(PROGRAM);
    }

    /** Starts one, whose profile is kept in a folder. */
    public Chromium(Path folder) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        ProcessBuilder start = new ProcessBuilder(PROGRAM.toString(), "--headless=new", "--no-sandbox", "--disable-gpu",
                "--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars", "--remote-debugging-port=0",
                "--user-data-dir=" + folder, "about:blank").redirectOutput(ProcessBuilder.Redirect.DISCARD);
        start.environment().put("TMPDIR", folder.toString());
        process = start.start();
        int port = port();
        HttpClient http = HttpClient.newHttpClient();
        Matcher page = match("\"type\": \"page\",[^}]*\"webSocketDebuggerUrl\": \"([^\"]+)\"", http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/list")).build(),
                HttpResponse.BodyHandlers.ofString()).body());
        socket = http.newWebSocketBuilder().buildAsync(URI.create(page.group(1)), new Answers()).join();
        command("Page.enable");
    }

    private int port() throws IOException {
        BufferedReader said = new BufferedReader(
                new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
        Pattern listening = Pattern.compile("DevTools listening on ws://[^:]+:(\\d+)/");
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            Matcher matcher = listening.matcher(line);
            if (matcher.find()) {
                Thread.ofVirtual().start(() -> said.lines().forEach(ignored -> {}));
                return Integer.parseInt(matcher.group(1));
            }
        }
        throw new IOException("it ended at once");
    }

    private static Matcher match(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern, Pattern.DOTALL).matcher(text);
        assertThat(matcher.find()).as("%s in %s", pattern, text).isTrue();
        return matcher;
    }

    /** Puts the parts of messages together, and hands each answer to who waits for it. */
    private final class Answers implements WebSocket.Listener {
        private final StringBuilder message = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean isLast) {
            message.append(part);
            if (isLast) {
                Matcher answer = Pattern.compile("^\\{\"id\":(\\d+)").matcher(message);
                if (answer.find()) {
                    open.remove(Integer.parseInt(answer.group(1))).complete(message.toString());
                }
                message.setLength(0);
            }
            from.request(1);
            return null;
        }
    }

    /** Has it do something, as the protocol names it, with names of parameters and their values in turn. */
    public String command(String method, Object... parameters) {
        int id = commands.incrementAndGet();
        CompletableFuture<String> answer = new CompletableFuture<>();
        open.put(id, answer);
        socket.sendText(Json.of(Json.object("id", id, "method", method, "params", Json.object(parameters))), true)
                .join();
        String said = answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        assertThat(said).as(method).doesNotContain("\"exceptionDetails\"", "\"error\":{\"code\"");
        return said;
    }

    /** Goes to an address. */
    public void go(String address) {
        command("Page.navigate", "url", address);
        await("the page").atMost(PATIENCE).until(() -> ask("document.readyState").equals("complete"));
    }

    /** What an expression of JavaScript is, as text; of a promise, what it becomes. */
    public String ask(String expression) {
        String answer = command("Runtime.evaluate", "expression",
                "(async () => encodeURIComponent(String(await (" + expression + "))))()", "awaitPromise", true);
        String text = match("\"value\":\"([^\"]*)\"", answer).group(1);
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** Waits until an expression is true. */
    public void until(String expression) {
        await(expression).atMost(PATIENCE).until(() -> ask("Boolean(" + expression + ")").equals("true"));
    }

    /** Clicks, as a hand does, into the middle of the first element that a selector finds. */
    public void click(String selector) {
        until("document.querySelector(" + Json.of(selector) + ")");
        String[] at = ask("(e => { e.scrollIntoView({block: 'center'}); const r = e.getBoundingClientRect(); "
                + "return (r.x + r.width / 2) + ' ' + (r.y + r.height / 2) })(document.querySelector("
                + Json.of(selector) + "))").split(" ", -1);
        for (String type : new String[]{"mousePressed", "mouseReleased"}) {
            command("Input.dispatchMouseEvent", "type", type, "x", Double.parseDouble(at[0]), "y",
                    Double.parseDouble(at[1]), "button", "left", "clickCount", 1);
        }
    }

    /** Presses a key. */
    public void press(String key, int code) {
        for (String type : new String[]{"rawKeyDown", "keyUp"}) {
            command("Input.dispatchKeyEvent", "type", type, "key", key, "code", key, "windowsVirtualKeyCode", code);
        }
    }

    /** Types a text. */
    public void type(String text) {
        command("Input.insertText", "text", text);
    }

    /** Shows the page as on a screen of this size, dark or light. */
    public void screen(int width, int height, boolean dark) {
        command("Emulation.setDeviceMetricsOverride", "width", width, "height", height, "deviceScaleFactor", 1,
                "mobile", width < 500);
        command("Emulation.setEmulatedMedia", "features", List.of(
                Json.object("name", "prefers-color-scheme", "value", dark ? "dark" : "light")));
    }

    /** What can be seen, as PNG. */
    public byte[] picture() {
        return Base64.getDecoder().decode(match("\"data\":\"([^\"]+)\"",
                command("Page.captureScreenshot", "format", "png", "optimizeForSpeed", false)).group(1));
    }

    @Override
    public void close() {
        socket.abort();
        // Its children write to the folder as long as they run; those that nobody reaps never count as ended.
        List<ProcessHandle> all = Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(one -> one.onExit().completeOnTimeout(one, 5, TimeUnit.SECONDS).join());
    }
}
