package dev.ninetunnel.endpoint.ui;

import dev.ninetunnel.http.Answer;
import dev.ninetunnel.http.Pages;
import dev.ninetunnel.http.Visit;
import dev.ninetunnel.json.Json;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.cookie.Cookie;
import io.netty.handler.codec.http.cookie.ServerCookieDecoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * The page and what it asks for. Whoever asks has opened it with a token; a change takes, besides the cookie, the secret of that
 * session and an {@code Origin} that is this server's, so that no page of another site can bring one about.
 */
final class StatusPage implements Pages {
    private static final String COOKIE = "ninetunnel";
    private static final String SECRET = "x-ninetunnel-secret";
    private static final String HTML = "text/html; charset=utf-8";
    /** What is loaded comes from here, nothing is written in the page itself, and no other page shows it. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    private static final Map<String, String> ASSETS = Map.of("/page.css", "text/css; charset=utf-8", "/page.js",
            "text/javascript; charset=utf-8", "/icon.svg", "image/svg+xml");
    /** For what reads files. */
    static final Executor ASIDE = task -> Thread.ofVirtual().name("status page").start(task);

    private final PageKeys keys;
    private final Content content;
    private final PageActions actions;

    /** What the page shows. */
    @FunctionalInterface
    interface Content {
        /** As JSON, with the samples from a number on; fails if the endpoint does not tell in time. */
        CompletableFuture<String> since(long sample);
    }

    StatusPage(PageKeys keys, Content content, PageActions actions) {
        this.keys = keys;
        this.content = content;
        this.actions = actions;
    }

    @Override
    public CompletableFuture<Answer> answer(Visit visit) {
        return routed(visit).thenApply(answer -> answer.with("content-security-policy", POLICY)
                .with("referrer-policy", "no-referrer").with("x-frame-options", "DENY")
                .with("cross-origin-opener-policy", "same-origin").with("cross-origin-resource-policy", "same-origin"));
    }

    private CompletableFuture<Answer> routed(Visit visit) {
        if (visit.method().equals("GET") && visit.path().equals("/") && visit.asked("token").isPresent()) {
            return done(opened(visit, visit.asked("token").get()));
        }
        Optional<PageKeys.Session> session = cookie(visit).flatMap(keys::session);
        if (visit.method().equals("GET") && ASSETS.containsKey(visit.path())) {
            return done(Answer.of(200, ASSETS.get(visit.path()), asset(visit.path().substring(1))));
        }
        if (session.isEmpty()) {
            return done(visit.path().equals("/") ? closed() : Answer.text(401, "run 'ninetunnel ui' again"));
        }
        return switch (visit.method()) {
            case "GET", "HEAD" -> shown(visit, session.get());
            case "POST" -> changed(visit, session.get());
            default -> done(Answer.text(405, "only GET and POST are answered here").with("allow", "GET, HEAD, POST"));
        };
    }

    private static CompletableFuture<Answer> done(Answer answer) {
        return CompletableFuture.completedFuture(answer);
    }

    /** Takes the token out of the address, in exchange for a cookie. */
    private Answer opened(Visit visit, String token) {
        return keys.open(token).map(session -> Answer.text(303, "").with("location", "/").with("set-cookie",
                cookieName(visit) + "=" + session.cookie() + "; Path=/; HttpOnly; SameSite=Strict")).orElseGet(
                        StatusPage::closed);
    }

    private static Answer closed() {
        return Answer.of(401, HTML, asset("closed.html"));
    }

    /** A browser keeps cookies by host, and not by port: each endpoint of a host has one of its own. */
    private static String cookieName(Visit visit) {
        String host = visit.header(HttpHeaderNames.HOST).orElse("");
        return COOKIE + "-" + host.substring(host.lastIndexOf(':') + 1);
    }

    private static Optional<String> cookie(Visit visit) {
        return visit.header(HttpHeaderNames.COOKIE).flatMap(header -> ServerCookieDecoder.STRICT.decode(header).stream()
                .filter(cookie -> cookie.name().equals(cookieName(visit))).map(Cookie::value).findFirst());
    }

    private CompletableFuture<Answer> shown(Visit visit, PageKeys.Session session) {
        return switch (visit.path()) {
            case "/" -> done(Answer.of(200, HTML, new String(asset("page.html"), StandardCharsets.UTF_8)
                    .replace("{secret}", session.secret()).getBytes(StandardCharsets.UTF_8)));
            case "/state.json" -> content.since(number(visit.asked("since").orElse("0")))
                    .handle((json, fault) -> fault == null
                            ? json(200, json)
                            : Answer.text(503, "the endpoint does not answer in time: it is very busy, or leaving"));
            default -> done(Answer.text(404, "there is no such page"));
        };
    }

    private static long number(String text) {
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
    }

    private static Answer json(int status, String json) {
        return Answer.of(status, "application/json", json.getBytes(StandardCharsets.UTF_8));
    }

    private CompletableFuture<Answer> changed(Visit visit, PageKeys.Session session) {
        String own = "http://" + visit.header(HttpHeaderNames.HOST).orElse("");
        if (!visit.header(HttpHeaderNames.ORIGIN).filter(own::equals).isPresent()) {
            return done(Answer.text(403, "this was asked by a page of another site"));
        }
        if (!visit.header(SECRET).filter(session::hasSecret).isPresent()) {
            return done(Answer.text(403, "the page is not of this session: load it again"));
        }
        List<String> lines = visit.body().lines().toList();
        String first = lines.isEmpty() ? "" : lines.getFirst();
        return CompletableFuture.supplyAsync(() -> {
            try {
                return changed(visit.path(), first, lines.size() > 1 ? lines.get(1) : "");
            } catch (IOException e) {
                return Answer.text(409, e.getMessage());
            }
        }, ASIDE);
    }

    private Answer changed(String path, String peer, String address) throws IOException {
        switch (path) {
            case "/disconnect" -> actions.disconnect(peer);
            case "/revoke" -> actions.revoke(peer);
            case "/invite" -> {
                String line = actions.invite(peer, address);
                QrCode code = QrCode.of(line);
                return json(200, Json.of(Json.object("line", line, "size", code.size(), "path", code.path())));
            }
            default -> {
                return Answer.text(404, "there is no such action");
            }
        }
        return json(200, "{}");
    }

    private static byte[] asset(String name) {
        try (InputStream file = StatusPage.class.getResourceAsStream(name)) {
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
