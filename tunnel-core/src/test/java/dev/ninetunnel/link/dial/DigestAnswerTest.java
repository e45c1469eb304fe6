package dev.ninetunnel.link.dial;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Answers to the challenges of HTTP proxies, with the examples of RFC 7616. */
class DigestAnswerTest {
    private static final ProxyCredentials MUFASA = new ProxyCredentials("Mufasa", "Circle of Life");
    private static final String NONCE = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";
    private static final String OPAQUE = "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS";
    private static final String CNONCE = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";

    private static String challenge(String algorithm) {
        return "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm=" + algorithm + ", nonce=\""
                + NONCE + "\", opaque=\"" + OPAQUE + "\"";
    }

    private static String answer(String... fields) {
        return DigestAnswer.best(Challenge.parse(List.of(fields))).orElseThrow().header(MUFASA, "GET",
                "/dir/index.html", CNONCE);
    }

    @Test
    @DisplayName("RFC 7616, 3.9.1: MD5")
    void md5() {
        assertThat(answer(challenge("MD5"))).startsWith("Digest username=\"Mufasa\", ")
                .contains("response=\"8ca523f5e9506fed4657c9700eebdbec\"", "algorithm=MD5", "qop=auth", "nc=00000001",
                        "cnonce=\"" + CNONCE + "\"", "opaque=\"" + OPAQUE + "\"", "uri=\"/dir/index.html\"");
    }

    @Test
    @DisplayName("RFC 7616, 3.9.1: SHA-256, which is chosen when both are offered, in whatever order")
    void sha256() {
        String response = "response=\"753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1\"";
        assertThat(answer(challenge("SHA-256"))).contains(response);
        assertThat(answer(challenge("MD5"), challenge("SHA-256"))).contains(response, "algorithm=SHA-256");
        assertThat(answer(challenge("SHA-256") + ", " + challenge("MD5") + ", Basic realm=\"x\"")).contains(response);
    }

    @Test
    @DisplayName("RFC 7616, 3.4.4: a user's name is hidden where the proxy asks for it")
    void userhash() {
        // Reckoned with: printf 'Mufasa:http-auth@example.org' | sha256sum
        assertThat(answer(challenge("SHA-256") + ", userhash=true")).contains("userhash=true",
                "username=\"" + sha256("Mufasa:http-auth@example.org") + "\"");
    }

    private static String sha256(String text) {
        try {
            return java.util.HexFormat.of().formatHex(java.security.MessageDigest.getInstance("SHA-256")
                    .digest(text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1)));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @DisplayName("a challenge without qop is answered as in RFC 2069, without a count")
    void old() {
        assertThat(answer("Digest realm=\"r\", nonce=\"n\"")).doesNotContain("qop", "nc=", "cnonce", "algorithm");
    }

    @Test
    @DisplayName("what cannot be answered is left alone: other hashes, auth-int alone, no nonce")
    void unknown() {
        assertThat(DigestAnswer.best(Challenge.parse(List.of(
                "Digest realm=\"r\", nonce=\"n\", algorithm=SHA-512-256",
                "Digest realm=\"r\", nonce=\"n\", qop=\"auth-int\"",
                "Digest realm=\"r\"", "Negotiate", "NTLM TlRMTVNTUAAC=")))).isEmpty();
    }

    @Test
    @DisplayName("challenges are told apart, many in one field or one in each, and what is not understood harms nothing")
    void challenges() {
        List<Challenge> all = Challenge.parse(List.of(
                "Negotiate, NTLM abc==, Basic realm=\"a, b=\\\"c\\\"\" , charset=UTF-8,Digest Realm = r,nonce=\"\"",
                "", ",,,", "Basic", "Digest realm=\"never ends", "\u0000\u0001", "=", "a=b"));
        assertThat(all).extracting(Challenge::scheme).containsExactly("negotiate", "ntlm", "basic", "digest", "basic",
                "digest", "a");
        assertThat(all.get(2).parameters()).containsEntry("realm", "a, b=\\\"c\\\"").containsEntry("charset", "UTF-8");
        assertThat(all.get(3).parameters()).containsEntry("realm", "r").containsEntry("nonce", "");
    }

    @Test
    @DisplayName("a name that a quoted string cannot hold is encoded; a quote in it ends nothing")
    void names() {
        DigestAnswer answer = DigestAnswer.best(Challenge.parse(List.of("Digest realm=r, nonce=n, charset=UTF-8")))
                .orElseThrow();
        assertThat(answer.header(new ProxyCredentials("J\u00e4s\u00f8n", "x"), "CONNECT", "h:1", "c"))
                .contains("username*=UTF-8''J%C3%A4s%C3%B8n");
        assertThat(answer.header(new ProxyCredentials("a\"b", "x"), "CONNECT", "h:1", "c"))
                .contains("username=\"a\\\"b\"");
    }
}
