package dev.ninetunnel.cli;

import dev.ninetunnel.identity.PaperFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The keys of the file that mean what {@link PaperOptions} do. */
final class PaperKeys {
    private final Path folder;

    /** With the folder that relative paths begin in. */
    PaperKeys(Path folder) {
        this.folder = folder;
    }

    PaperFiles read(Section top, Path home, Map<String, String> environment) {
        List<Path> authorities = top.texts("ca").stream().map(this::path).toList();
        List<Path> revoked = top.texts("crl").stream().map(this::path).toList();
        Path certificate = file(top, "cert");
        Path key = file(top, "key");
        Path pkcs12 = file(top, "pkcs12");
        Path password = file(top, "password-file");
        PaperFiles.Own own = top.attempt(pkcs12 != null ? "pkcs12" : key != null ? "key" : "password-file",
                () -> PaperOptions.own(home, certificate, key, pkcs12, password, environment))
                .orElseGet(() -> new PaperFiles.Own.Home(home));
        return top.attempt("crl", () -> new PaperFiles(own, authorities, revoked))
                .orElseGet(() -> new PaperFiles(own, authorities, List.of()));
    }

    private Path file(Section top, String key) {
        return top.text(key).map(this::path).orElse(null);
    }

    private Path path(String text) {
        return folder.resolve(ExportOption.underHome(text)).normalize();
    }
}
