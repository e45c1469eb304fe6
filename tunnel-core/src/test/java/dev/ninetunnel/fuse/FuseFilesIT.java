package dev.ninetunnel.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ninetunnel.client.Login;
import dev.ninetunnel.client.NineClient;
import dev.ninetunnel.client.Offer;
import dev.ninetunnel.testing.EndpointPair;
import dev.ninetunnel.testing.FileWork;
import dev.ninetunnel.wire.Text;
import io.netty.channel.EventLoopGroup;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What programs do with files, in two mounts of a peer's directory by this machine's kernel, without its 9p client. */
class FuseFilesIT {
    @TempDir
    private Path folder;
    private EndpointPair pair;
    private EventLoopGroup loops;
    private final List<FuseMount> mounts = new ArrayList<>();
    private Path a;
    private Path b;

    @BeforeEach
    void mount() throws Exception {
        assumeTrue(Files.isWritable(Path.of("/dev/fuse")), "SKIPPED: this user may not open /dev/fuse");
        pair = EndpointPair.linked(folder);
        loops = NineClient.loops(1);
        a = mount("a");
        b = mount("b");
        Files.createDirectory(folder.resolve("tmp"));
    }

    private Path mount(String name) throws Exception {
        Path at = Files.createDirectory(folder.resolve(name));
        Offer offer = Offer.any().withLeases().withMsize(1 << 20);
        mounts.add(FuseMount.mount(
                () -> NineClient.connect(loops, UnixDomainSocketAddress.of(pair.southsFiles()), offer), at, "south:",
                new FuseSettings(Login.ofThisProcess(Text.EMPTY), false, new Owners(false, 0, 0), Optional.empty(),
                        false,
                        List.of("allow_other", "default_permissions", "dev", "suid"))));
        return at;
    }

    @AfterEach
    void unmount() throws Exception {
        for (FuseMount mount : mounts) {
            mount.unmount();
            mount.ended().get(2, TimeUnit.MINUTES);
        }
        if (pair != null) {
            assertThat(folder.resolve("south")).isEmptyDirectory();
            pair.awaitNothingLeft();
            pair.close();
            loops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        }
    }

    private void work(String script) throws Exception {
        run("bash", "-c", FileWork.at(script, a, b, folder.resolve("tmp")));
    }

    private void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("%s", said).isZero();
    }

    @Test
    void filesKeepTheRulesThatProgramsRelyOn() throws Exception {
        Path rules = folder.resolve("tmp/file-rules.py");
        try (InputStream in = FuseFilesIT.class.getResourceAsStream("/kernel/file-rules.py")) {
            Files.copy(in, rules);
        }
        run("python3", rules.toString(), a.toString(), "Lmmap", b.toString());
    }

    @Test
    void tarPutsATreeInAndTakesItOutWithEveryAttribute() throws Exception {
        work(FileWork.TAR);
    }

    @Test
    void sqliteMakesADatabaseThatAnotherMountFindsWhole() throws Exception {
        work("set -- delete /mnt/b\n" + FileWork.SQLITE);
    }

    @Test
    void sqliteKeepsAWriteAheadLog() throws Exception {
        work("set -- wal /mnt/a\n" + FileWork.SQLITE);
    }

    @Test
    void gitClonesPacksAndChecks() throws Exception {
        work(FileWork.GIT);
    }

    @Test
    void fioFindsWhatItWroteAtRandom() throws Exception {
        work(FileWork.fio("random --rw=randrw --size=2m --numjobs=2 --bsrange=512-64k"));
    }

    @Tag("long")
    @Test
    void programsThatVerifyTheirFilesFindThemWhole() throws Exception {
        work(FileWork.RANDOM + FileWork.SEQUENTIAL
                + FileWork.fio("mapped --rw=randwrite --size=4m --bs=4k --ioengine=mmap") + FileWork.DBENCH);
    }
}
