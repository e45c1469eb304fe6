package dev.ninetunnel.cli.config;

import dev.ninetunnel.cli.options.CredentialOptions;
import dev.ninetunnel.cli.options.ExportOption;
import dev.ninetunnel.identity.CredentialFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The keys of the file that mean what {@link CredentialOptions} do. */
final class CredentialKeys {
    private final Path folder;
    private final boolean looking;

    /** With the folder that relative paths begin in, and whether to look if the files are there. */
    CredentialKeys(Path folder, boolean looking) {
        this.folder = folder;
        this.looking = looking;
    }

    CredentialFiles read(Section top, Path home, Map<String, String> environment) {
        List<Path> authorities = files(top, "ca");
        List<Path> revoked = files(top, "crl");
        Path certificate = file(top, "cert");
        Path key = file(top, "key");
        Path pkcs12 = file(top, "pkcs12");
        Path password = file(top, "password-file");
        CredentialFiles.Own own = top.attempt(pkcs12 != null ? "pkcs12" : key != null ? "key" : "password-file",
                () -> CredentialOptions.own(home, certificate, key, pkcs12, password, environment))
                .orElseGet(() -> new CredentialFiles.Own.Home(home));
        return top.attempt("crl", () -> new CredentialFiles(own, authorities, revoked))
                .orElseGet(() -> new CredentialFiles(own, authorities, List.of()));
    }

    private Path file(Section top, String key) {
        return top.text(key).map(text -> there(top, key, path(text))).orElse(null);
    }

    private List<Path> files(Section top, String key) {
        return top.texts(key).stream().map(text -> there(top, key, path(text))).toList();
    }

    private Path there(Section top, String key, Path file) {
        if (looking && !Files.exists(file)) {
            top.wrong(key, "there is no file " + file);
        }
        return file;
    }

    private Path path(String text) {
        return folder.resolve(ExportOption.underHome(text)).normalize();
    }
}
