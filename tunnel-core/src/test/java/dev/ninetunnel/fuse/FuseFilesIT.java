package dev.ninetunnel.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ninetunnel.cache.behind.WriteBehind;
import dev.ninetunnel.client.Login;
import dev.ninetunnel.client.NineClient;
import dev.ninetunnel.client.Offer;
import dev.ninetunnel.endpoint.EndpointConfig;
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
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What programs do with files, in two mounts of a peer's directory by this machine's kernel, without its 9p client. */
@Execution(ExecutionMode.CONCURRENT)
class FuseFilesIT {
    @TempDir
    private Path folder;
    private EndpointPair pair;
    private EventLoopGroup loops;
    private final List<FuseMount> mounts = new ArrayList<>();
    private Path a;
    private Path b;

    @BeforeEach
    void prepare() throws Exception {
        assumeTrue(Files.isWritable(Path.of("/dev/fuse")), "SKIPPED: this user may not open /dev/fuse");
        loops = NineClient.loops(1);
        Files.createDirectory(folder.resolve("tmp"));
    }

    private void mount(EndpointConfig.Limits limits, boolean closeLater) throws Exception {
        pair = new EndpointPair(folder, List.of(EndpointPair.directory(folder.resolve("north"))),
                List.of(EndpointPair.directory(folder.resolve("south"))), limits);
        pair.link();
        a = mount("a", closeLater);
        b = mount("b", closeLater);
    }

    private Path mount(String name, boolean closeLater) throws Exception {
        Path at = Files.createDirectory(folder.resolve(name));
        Offer offer = Offer.any().withLeases().withMsize(1 << 20);
        mounts.add(FuseMount.mount(
                () -> NineClient.connect(loops, UnixDomainSocketAddress.of(pair.southsFiles()), offer), at, "south:",
                new FuseSettings(Login.ofThisProcess(Text.EMPTY), false, new Owners(false, 0, 0), Optional.empty(),
                        closeLater,
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
        if (pair == null) {
            mount(EndpointConfig.Limits.DEFAULT, false);
        }
        workInMounts(script);
    }

    private void workInMounts(String script) throws Exception {
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
        mount(EndpointConfig.Limits.DEFAULT, false);
        keepRules();
    }

    /** What an endpoint keeps and writes behind, besides the standard. */
    enum Mode {
        NO_CACHE(EndpointConfig.Limits.DEFAULT.withCache(0), false),

        NOTHING_BEHIND(EndpointConfig.Limits.DEFAULT.withWriteBehind(WriteBehind.OFF), false),

        ALL_BEHIND(EndpointConfig.Limits.DEFAULT.withWriteBehind(WriteBehind.ALL), false),

        CLOSED_LATER(EndpointConfig.Limits.DEFAULT, true);

        private final EndpointConfig.Limits limits;
        private final boolean closeLater;

        Mode(EndpointConfig.Limits limits, boolean closeLater) {
            this.limits = limits;
            this.closeLater = closeLater;
        }
    }

    @ParameterizedTest
    @EnumSource
    void filesAreAsGoodInEachMode(Mode mode) throws Exception {
        mount(mode.limits, mode.closeLater);
        keepRules();
        workInMounts(FileWork.TAR);
        workInMounts("set -- delete /mnt/b\n" + FileWork.SQLITE);
        workInMounts(FileWork.GIT);
        workInMounts(FileWork.fio("random --rw=randrw --size=2m --numjobs=2 --bsrange=512-64k"));
    }

    private void keepRules() throws Exception {
        Path rules = folder.resolve("tmp/file-rules.py");
        try (InputStream in = FuseFilesIT.class.getResourceAsStream("/kernel/file-rules.py")) {
            Files.copy(in, rules);
        }
        run("python3", rules.toString(), a.toString(), "Lmmap", b.toString(), "fuse");
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
