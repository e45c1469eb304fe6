package dev.ninetunnel.http;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request.
 *
 * @param path decoded
 * @param query the values of each name behind the question mark, decoded
 * @param body as UTF-8; at most {@link HttpServer#LARGEST_BODY} bytes
 */
public record Visit(String method, String path, Map<String, List<String>> query, HttpHeaders headers, String body) {
    /** The first value of a header. */
    public Optional<String> header(CharSequence name) {
        return Optional.ofNullable(headers.get(name));
    }

    /** The first value of a name in the query. */
    public Optional<String> asked(String name) {
        return query.getOrDefault(name, List.of()).stream().findFirst();
    }
}
