package dev.ninetunnel.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ninetunnel.client.Login;
import dev.ninetunnel.client.NineClient;
import dev.ninetunnel.client.Offer;
import dev.ninetunnel.errno.Errno;
import dev.ninetunnel.fuse.kernel.FuseException;
import dev.ninetunnel.serve.ServerLimits;
import dev.ninetunnel.wire.Dialect;
import dev.ninetunnel.wire.Text;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kernel knows files for as long as it has memory, and does not say which of them matter: a server has room for fewer. */
class ManyKnownFilesTest {
    @TempDir
    private Path folder;
    private Path served;
    private ForeignServer server;
    private TestMount mount;

    @BeforeEach
    void begin() throws IOException {
        assumeTrue(Files.isWritable(Path.of("/dev/fuse")), "SKIPPED: this user may not open /dev/fuse");
        served = Files.createDirectory(folder.resolve("served"));
    }

    @AfterEach
    void end() throws Exception {
        if (mount != null) {
            mount.close();
        }
        if (server != null) {
            server.close();
        }
    }

    private void serve(int files, int fids) throws IOException {
        for (int i = 0; i < files; i++) {
            Files.writeString(served.resolve("f" + i), "");
        }
        server = new ForeignServer(folder.resolve("socket"), served, ServerLimits.STANDARD.withFids(fids));
        mount = new TestMount(folder.resolve("socket"), folder.resolve("mnt"), Offer.of(Dialect.LINUX),
                Optional.empty());
    }

    /** What is open, or is where a program works, is as it was when the others have been looked at. */
    @Test
    void aServerWithoutRoomForAllOfThemServesAllOfThem() throws Exception {
        serve(300, 100);
        assertThat(mount.sh("""
                mkdir d e && echo open > e/open && echo removed > removed
                exec 3< e/open 4< removed && rm removed && cd d
                ls -l .. | grep -c ' f[0-9]*$'
                cat <&3 && cat <&4 && pwd && touch here && ls && cat ../e/open
                cd .. && for i in $(seq 0 299); do echo x > f$i; done && cat f* | wc -l
                rm -r f* d && ls
                """)).isEqualTo("300\nopen\nremoved\n" + folder.resolve("mnt/d") + "\nhere\nopen\n300\ne\nexit 0");
    }

    /** As a file that a program of the server's host has removed, and a directory that has another name there. */
    @Test
    void whatIsNotWhereItWasIsNotLetGoWhileItIsUsed() throws Exception {
        serve(300, 100);
        assertThat(mount.sh("""
                here=$PWD && mkdir -p d/sub && echo text > d/sub/file && echo open > open
                exec 3< open && cd d/sub && cat file
                (cd %s && rm open && mv d moved && mkdir d)
                ls $here/d && ls -l $here | grep -c ' f[0-9]*$'
                stat -L -c %%h /proc/self/fd/3 && cat file
                """.formatted(served))).isEqualTo("text\n300\n0\ntext\nexit 0");
    }

    /** Its number would stand for nothing then, or for another file. */
    @Test
    void aDirectoryIsNotLetGoToMakeRoomForWhatIsLookedUpInIt() throws Exception {
        Path directory = Files.createDirectory(served.resolve("d"));
        for (int i = 0; i < 300; i++) {
            Files.writeString(directory.resolve("f" + i), "");
        }
        server = new ForeignServer(folder.resolve("socket"), served, ServerLimits.STANDARD.withFids(100));
        EventLoopGroup loops = NineClient.loops(1);
        Remote remote = new Remote(() -> NineClient.connect(loops,
                UnixDomainSocketAddress.of(folder.resolve("socket")), Offer.of(Dialect.LINUX)),
                new Users(Login.ofThisProcess(Text.EMPTY), false), null);
        try {
            Attachment a = remote.connect().get();
            InodeTable inodes = new InodeTable(a.ops().attributes(a.root()).get().qid(), remote::forget);
            NameRequests names = new NameRequests(remote, inodes, new Handles(),
                    new AttributeWriter(new Owners(false, 0, 0)), new Semaphore(0));
            Inode d = names.find(a, inodes.root(), Text.of("d")).get().inode();
            // As the kernel's requests are begun: where the answers come in, so that all leave before the first.
            List<CompletableFuture<Integer>> all = loops.submit(() -> IntStream.range(0, 300)
                    .mapToObj(i -> names.find(a, d, Text.of("f" + i))
                            .handle((_, failure) -> failure == null ? 0 : FuseException.errno(failure)))
                    .toList()).get();
            Set<Integer> refusals = all.stream().map(CompletableFuture::join).collect(Collectors.toSet());
            assertThat(refusals).contains(0).isSubsetOf(0, Errno.ENFILE.number());
        } finally {
            remote.close();
            loops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        }
    }

    /** With each local user as that user (access=user): what one has looked at is let go for the next. */
    @Test
    void roomIsMadeForAnotherUserToo() throws Exception {
        for (int i = 0; i < 200; i++) {
            Files.writeString(served.resolve("f" + i), "");
        }
        server = new ForeignServer(folder.resolve("socket"), served, ServerLimits.STANDARD.withFids(100));
        EventLoopGroup loops = NineClient.loops(1);
        Remote remote = new Remote(() -> NineClient.connect(loops,
                UnixDomainSocketAddress.of(folder.resolve("socket")), Offer.of(Dialect.LINUX)),
                new Users(Login.ofThisProcess(Text.EMPTY), true), null);
        try {
            Attachment first = remote.connect().get();
            InodeTable inodes = new InodeTable(first.ops().attributes(first.root()).get().qid(), remote::forget);
            NameRequests names = new NameRequests(remote, inodes, new Handles(),
                    new AttributeWriter(new Owners(false, 0, 0)), new Semaphore(0));
            // With its root, the first takes all.
            lookUp(remote, names, inodes, 0, 99);
            lookUp(remote, names, inodes, 12345, 200);
            lookUp(remote, names, inodes, 0, 200);
        } finally {
            remote.close();
            loops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        }
    }

    private static void lookUp(Remote remote, NameRequests names, InodeTable inodes, int user, int files)
            throws Exception {
        for (int i = 0; i < files; i++) {
            Text name = Text.of("f" + i);
            assertThat(remote.run(user, a -> names.find(a, inodes.root(), name)).get().inode()).isNotNull();
        }
    }

    @Test
    void roomIsMadeForExtendedAttributesToo() throws Exception {
        serve(300, 100);
        assertThat(mount.sh("""
                python3 -c '
                import os
                fd = os.open("f0", os.O_RDONLY)
                for i in range(1, 150):
                    os.stat(f"f{i}")
                    os.setxattr(fd, "user.a", b"value")
                for i in range(150, 300):
                    os.stat(f"f{i}")
                    assert os.getxattr(fd, "user.a") == b"value"
                '
                """)).isEqualTo("exit 0");
    }
}
