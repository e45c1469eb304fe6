package dev.ninetunnel.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ninetunnel.client.Login;
import dev.ninetunnel.client.Offer;
import dev.ninetunnel.testing.Diod;
import dev.ninetunnel.wire.Text;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mount of diod, a server of 9P2000.L by others, which knows no messages of ours. */
class DiodMountTest {
    @TempDir
    private Path folder;
    @TempDir
    private Path room;

    @Test
    void filesOfDiodAreMadeWrittenLockedAndRemoved() throws Exception {
        assumeTrue(Files.isWritable(Path.of("/dev/fuse")), "SKIPPED: this user may not open /dev/fuse");
        Path served = Files.createDirectory(folder.resolve("served"));
        try (Diod diod = Diod.serve(served, room)) {
            TestMount mount = new TestMount(diod.address().getPath(), folder.resolve("mnt"),
                    Login.ofThisProcess(Text.of(diod.aname())), Offer.any().withExtended(), Optional.empty());
            try {
                assertThat(mount
                        .sh("""
                                umask 022; mkdir c && echo hello > c/f && cat c/f && mv c d && cat d/f && mv d/f g && ln -s g l && cat l && ln g h
                                head -c 300001 /dev/urandom > big && cmp big ../served/big && echo same
                                flock g sh -c 'flock -n g true || echo locked'; chmod 640 g; chown 1:2 g
                                stat -c '%a %u:%g %s %h' g; touch -d @5.5 g; stat -c %.Y g; fallocate -l 9 g; rm -r d l h big g; ls -A"""))
                        .isEqualTo("""
                                hello
                                hello
                                hello
                                same
                                locked
                                640 1:2 6 2
                                5.500000000
                                fallocate: fallocate failed: Operation not supported
                                exit 0""");
            } finally {
                mount.close();
            }
        }
    }
}
