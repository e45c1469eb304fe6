package dev.ninetunnel.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ninetunnel.export.Export;
import dev.ninetunnel.export.ExportOptions;
import dev.ninetunnel.export.RunAsRule;
import dev.ninetunnel.export.UserList;
import dev.ninetunnel.testing.EndpointPair;
import dev.ninetunnel.testing.KernelClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Several users of one kernel mount ({@code access=user}) of an export that acts as each of them. Of this machine they
 * are {@code daemon} (1, of group 1), {@code games} (5, of group 60), which every Debian has, and 61001, which no
 * account has. {@code south/open} is as {@code /tmp}, {@code south/team} belongs to group 60 and hands that down,
 * {@code south/secret} is root's.
 */
@Execution(ExecutionMode.CONCURRENT)
class KernelUsersIT {
    private static final int TEAM = 60;

    /** {@code as USER COMMAND} runs as one of the three; {@code refused WORDS COMMAND} expects an error that says so. */
    private static final String WORDS = """
            as() {
                case $1 in
                    daemon) ids="--reuid=1 --regid=1 --clear-groups" ;;
                    games) ids="--reuid=5 --regid=60 --clear-groups" ;;
                    stranger) ids="--reuid=61001 --regid=61001 --groups=60" ;;
                    other) ids="--reuid=33 --regid=33 --clear-groups" ;;
                esac
                shift
                setpriv $ids -- "$@"
            }
            refused() {
                words=$1; shift
                if "$@" >/tmp/said 2>&1; then echo "not refused: $*"; exit 1; fi
                grep -q "$words" /tmp/said || { echo "refused otherwise: $*"; cat /tmp/said; exit 1; }
            }
            is() { [ "$(stat -c '%u %g %a' $1)" = "$2" ] || { echo "$1 is $(stat -c '%u %g %a' $1), not $2"; exit 1; }; }
            umask 022
            exec </dev/null
            """;

    @TempDir
    private Path folder;
    private Path south;

    @BeforeEach
    void asRoot() throws IOException {
        boolean root = (Integer) Files.getAttribute(folder, "unix:uid") == 0;
        if (!root) {
            System.err.println("SKIPPED: no test with several users: acting as others needs root");
        }
        assumeTrue(root, "acting as others needs root");
        south = Files.createDirectories(folder.resolve("south"));
        Files.setAttribute(south, "unix:mode", 0755);
        Files.setAttribute(Files.createDirectory(south.resolve("open")), "unix:mode", 01777);
        Path team = Files.createDirectory(south.resolve("team"));
        Files.setAttribute(team, "unix:gid", TEAM);
        Files.setAttribute(team, "unix:mode", 02775);
        Files.setAttribute(Files.writeString(south.resolve("secret"), "secret"), "unix:mode", 0600);
    }

    private void inGuest(String users, String options, String script) throws Exception {
        KernelClient kernel = new KernelClient(folder).with("setpriv");
        ExportOptions attach = ExportOptions.ALL.withAs(new RunAsRule.Attach(UserList.parse(users)));
        try (EndpointPair pair = new EndpointPair(folder, List.of(EndpointPair.directory(folder.resolve("north"))),
                List.of(new Export("south", new Export.Target.Directory(south, attach))))) {
            pair.link();
            kernel.run(WORDS + "mount9p 5640 /mnt/a " + options + "\ncd /mnt\n" + script + "\ncd /; umount /mnt/a",
                    pair.southsFiles());
            pair.awaitNothingLeft();
        }
    }

    private static List<Integer> owner(Path path) {
        try {
            return List.of((Integer) Files.getAttribute(path, "unix:uid"),
                    (Integer) Files.getAttribute(path, "unix:gid"),
                    (Integer) Files.getAttribute(path, "unix:mode") & 07777);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void eachUserOfAMountMayDoWhatThatUserMayDoHere() throws Exception {
        inGuest("daemon:games:61001", "version=9p2000.L,access=user,uname=daemon",
                """
                        echo of daemon | as daemon tee a/open/d >/dev/null
                        as daemon stat a/open/d >/dev/null
                        as daemon bash -c "$(declare -f is); is a/open/d '1 1 644'"
                        [ "$(as games cat a/open/d)" = "of daemon" ]
                        refused 'Permission denied' as games tee a/open/d
                        refused 'Operation not permitted' as games rm -f a/open/d
                        refused 'Operation not permitted' as games mv a/open/d a/open/e
                        refused 'Operation not permitted' as games chmod 666 a/open/d
                        refused 'Permission denied' as games touch -d 2001-01-01 a/open/d
                        refused 'Operation not permitted' as daemon chown 5 a/open/d
                        refused 'Operation not permitted' as daemon chgrp 60 a/open/d
                        as daemon chmod 600 a/open/d
                        refused 'Permission denied' as games cat a/open/d
                        refused 'Permission denied' as daemon cat a/secret
                        refused 'Permission denied' as daemon touch a/new
                        refused 'Permission denied' as daemon mkdir a/team/new
                        as games bash -c 'umask 027; echo of games >a/team/g; mkdir a/team/sub; mkfifo a/team/f; ln -s g a/team/l'
                        as games bash -c "$(declare -f is); is a/team/g '5 60 640'; is a/team/sub '5 60 2750'; is a/team/l '5 60 777'"
                        refused 'Permission denied' as daemon cat a/team/g
                        refused 'Permission denied' as daemon ls a/team/sub
                        as stranger bash -c 'echo x >a/open/s; ln a/open/s a/open/hard; mv a/open/hard a/open/moved; rm a/open/moved'
                        as stranger bash -c "$(declare -f is); is a/open/s '61001 65534 644'"
                        as daemon mkdir a/open/closed; as daemon touch a/open/closed/f; as daemon chmod 700 a/open/closed
                        refused 'Permission denied' as games cat a/open/closed/f
                        as games mkdir a/open/shared; as games chmod 2777 a/open/shared
                        as daemon touch a/open/shared/d; as daemon mkdir a/open/shared/sub
                        """);
        assertThat(owner(south.resolve("open/d"))).containsExactly(1, 1, 0600);
        assertThat(owner(south.resolve("open/s"))).containsExactly(61001, 65534, 0644);
        assertThat(owner(south.resolve("team/g"))).containsExactly(5, TEAM, 0640);
        assertThat(owner(south.resolve("team/sub"))).containsExactly(5, TEAM, 02750);
        assertThat(owner(south.resolve("open/shared/d"))).containsExactly(1, TEAM, 0644);
        assertThat(owner(south.resolve("open/shared/sub"))).containsExactly(1, TEAM, 02755);
    }

    @Test
    void aGroupThatTheClientSaysAUserIsInCountsOnlyIfItIsSoHere() throws Exception {
        Path file = Files.writeString(south.resolve("team/g"), "of the team");
        Files.setAttribute(file, "unix:gid", TEAM);
        Files.setAttribute(file, "unix:mode", 0640);
        inGuest("daemon:games:61001", "version=9p2000.L,access=any,access=user,uname=daemon", """
                [ "$(as games cat a/team/g)" = "of the team" ]
                refused 'Permission denied' as stranger cat a/team/g
                """);
    }

    @Test
    void aUserWhomThePeerMayNotClaimSeesNothing() throws Exception {
        inGuest("daemon:1000-1999", "version=9p2000.L,access=user,uname=daemon", """
                as daemon ls a >/dev/null
                refused 'Operation not permitted' as other ls a
                refused 'Operation not permitted' as games cat a/open
                refused 'Operation not permitted' ls a
                refused 'permission denied' mount9p 5640 /mnt/b version=9p2000.L,access=user,uname=root
                refused 'permission denied' mount9p 5640 /mnt/b version=9p2000.L,access=user
                """);
    }

    @ParameterizedTest
    @CsvSource({"none, daemon:games", "mmap, daemon:games", "loose, root:daemon:games"})
    void aUserWritesAndReadsInEveryModeOfTheCache(String cache, String users) throws Exception {
        inGuest(users, "version=9p2000.L,access=user,uname=daemon,cache=" + cache,
                """
                        as daemon bash -c 'echo one >a/open/d; echo two >>a/open/d; dd status=none if=/dev/zero of=a/open/z bs=64k count=20'
                        [ "$(as games cat a/open/d)" = "$(printf 'one\ntwo')" ]
                        [ "$(as games stat -c %s a/open/z)" = 1310720 ]
                        refused 'Permission denied' as daemon touch a/new
                        """);
        assertThat(owner(south.resolve("open/d"))).containsExactly(1, 1, 0644);
        assertThat(south.resolve("open/z")).hasSize(1310720);
    }

    @Test
    void rootIsLetInWhereItIsNamed() throws Exception {
        inGuest("root:daemon", "version=9p2000.L,access=user,uname=root", """
                [ "$(cat a/secret)" = secret ]
                chown 5:60 a/secret; chmod 4755 a/secret
                refused 'Permission denied' as daemon touch a/new
                """);
        assertThat(owner(south.resolve("secret"))).containsExactly(5, TEAM, 04755);
    }

    @Test
    void aMountOf9P2000ActsAsTheUserItNames() throws Exception {
        inGuest("games", "version=9p2000,noextend,uname=games", """
                touch a/team/g; mkdir a/team/sub
                refused 'Permission denied' cat a/secret
                refused 'Permission denied' touch a/new
                """);
        try (Stream<Path> made = Stream.of(south.resolve("team/g"), south.resolve("team/sub"))) {
            assertThat(made).allSatisfy(p -> assertThat(owner(p)).startsWith(5, TEAM));
        }
    }
}
