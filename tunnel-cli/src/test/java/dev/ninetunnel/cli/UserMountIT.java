package dev.ninetunnel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ninetunnel mount} as a user without root runs it. */
class UserMountIT {
    @TempDir
    private static Path folder;
    private static MountShell shell;

    @BeforeAll
    static void link() throws Exception {
        shell = MountShell.linked(folder);
    }

    @AfterAll
    static void leave() throws Exception {
        if (shell != null) {
            shell.close();
        }
    }

    @Test
    void itIsTheUsersAloneAndEndsWhenItIsUnmounted() throws Exception {
        assertThat(shell.run("""
                $mount --foreground server: mnt > up & up=$!
                await up $up
                $user stat -c '%n %u:%g' mnt/a
                $user cat mnt/a
                $user sh -c 'echo new > mnt/b && mkdir mnt/d && mv mnt/b mnt/d/b'
                cat files/d/b
                findmnt -n -o SOURCE,FSTYPE $folder/mnt
                $other ls mnt
                $other cat mnt/a
                cat mnt/a
                $user fusermount3 -u mnt
                wait $up
                echo ended with $?
                ls -A mnt
                """)).isEqualTo("""
                mnt/a 65534:65534
                from the server
                new
                server: fuse.ninetunnel
                ls: cannot access 'mnt': Permission denied
                cat: mnt/a: Permission denied
                cat: mnt/a: Permission denied
                ended with 0
                """);
    }

    @Test
    void whatAKilledProcessLeavesIsMendedByTheNextMount() throws Exception {
        assertThat(shell.run("""
                (exec $mount --foreground server: mnt) > up & up=$!
                await up $up
                kill -9 $up
                wait $up
                $user cat mnt/a
                ln -s mnt link
                $mount server:files link
                $user cat mnt/a
                $mount server: mnt
                echo code $?
                $nine unmount link
                echo code $?
                $nine unmount mnt
                echo code $?
                rm link
                ls -A mnt
                """).lines().filter(line -> !line.contains("Killed"))).containsExactly(
                "cat: mnt/a: Transport endpoint is not connected",
                "server:files is at /T/mnt",
                "from the server",
                "ninetunnel: something is mounted at /T/mnt already: take it away with 'ninetunnel unmount /T/mnt', "
                        + "or name another directory",
                "code 69", "code 0",
                "ninetunnel: nothing is mounted at /T/mnt",
                "code 66");
    }

    /** Root may not even look at a user's mount, which is not dead for that. */
    @Test
    void aMountOfAnotherUserIsNotTakenForADeadOne() throws Exception {
        assertThat(shell.run("""
                $mount server: mnt
                $program mount --home=$folder/client server: mnt
                echo code $?
                $user cat mnt/a
                $user fusermount3 -u mnt
                """)).contains("something is mounted at /T/mnt already", "code 69", "from the server");
    }

    @Test
    void whatIsMissingIsToldWithAnExitCode() throws Exception {
        assertThat(shell.run("""
                $mount server: missing; echo code $?
                $mount server: files/a; echo code $?
                $mount server: files; echo code $?
                $mount nobody: mnt; echo code $?
                $nine unmount mnt; echo code $?
                mount --bind files/a $(command -v fusermount3)
                $mount server: mnt; echo code $?
                """)).contains(
                "there is no directory /T/missing: make it first, with mkdir\ncode 66",
                "/T/files/a is no directory, and files appear in one only\ncode 66",
                "/T/files is not empty, and a mount would hide what is in it: name an empty directory, or say "
                        + "'-o nonempty'\ncode 69",
                "nothing is mounted at /T/mnt\ncode 66",
                "there is no fusermount3, which mounts without root: install it (Debian, Fedora, Alpine, Arch: the package "
                        + "fuse3)\ncode 69");
    }

    /** What programs ask meanwhile waits, and what is open stays so. Why they wait is told to who asks. */
    @Test
    void itGoesOnWhenTheEndpointIsRestarted() throws Exception {
        assertThat(shell
                .run("""
                        mkdir third && chown 65534 third
                        $nine trust "$($nine id --home=$folder/server)" --name server --home=$folder/third > /dev/null
                        $nine trust "$($nine id --home=$folder/third)" --name third --home=$folder/server > /dev/null
                        dial() {
                            rm -f dialled
                            $nine dial 127.0.0.1:$(port listen) --peer server --home=$folder/third > dialled 2> /dev/null & dial=$!
                            await dialled $dial
                        }
                        dial
                        $nine mount --home=$folder/third server: mnt
                        echo before > files/c && chmod 666 files/c
                        $user sh -c 'exec 3<> mnt/c; cat <&3; : > reading; until [ -e again ]; do sleep 0.1; done; echo after >&3; cat mnt/c' &
                        reader=$!
                        eventually test -e reading
                        kill $dial; wait $dial
                        $user cat mnt/a > waited & waits=$!
                        $nine status --home=$folder/third
                        $nine doctor --home=$folder/third | grep 'on the mount of'
                        eventually grep -q 'still wait' third/run/mount*.log
                        $user touch again
                        dial
                        wait $waits; wait $reader; cat waited
                        sed 's/^[^ ]* //' third/run/mount*.log
                        $user fusermount3 -u mnt
                        kill $dial; wait $dial
                        """))
                .isEqualTo(
                        """
                                server: is at /T/mnt
                                before
                                ninetunnel: no endpoint runs here (no answer at /T/third/run/ctl.9p). Start 'ninetunnel dial' or \
                                'ninetunnel listen', or say with --home and --run which is meant. Programs that use these mounts wait \
                                until their endpoint is back: /T/mnt. Ctrl-C ends a program, and 'ninetunnel unmount --detach DIR' takes \
                                a mount away
                                BAD programs wait on the mount of server: at /T/mnt, for its server does not answer
                                before
                                after
                                from the server
                                WARN  the server is gone (/T/third/run/server.9p closed the connection): programs on the mount wait \
                                until it is back, and Ctrl-C ends them
                                WARN  programs on the mount still wait: nobody listens at /T/third/run/server.9p: the endpoint that \
                                posted it is gone. Start it again: 'ninetunnel dial' or 'ninetunnel listen'
                                INFO  the server answers again, and programs go on
                                """);
    }

    /** access(2), as test(1) and editors call it. What the server lets this user do is what counts, whoever is shown to own the file. */
    @Test
    void whatMayBeDoneWithAFileIsToldBeforehand() throws Exception {
        assertThat(shell.run("""
                for mode in 000 444 555 644 755; do echo '#!/bin/sh' > files/$mode; chmod $mode files/$mode; done
                echo mine > files/mine && chown 65534 files/mine
                $mount server:files mnt
                $user sh -c 'cd mnt; for f in 000 444 555 644 755 mine; do
                    for how in r w x; do test -$how $f && printf "$f $how, "; done
                done'
                $user fusermount3 -u mnt
                rm files/[0-9]* files/mine
                """))
                .isEqualTo("server:files is at /T/mnt\n444 r, 555 r, 555 x, 644 r, 755 r, 755 x, mine r, mine w, ");
    }

    /** A file's owner there is who made it here, and its mode holds for who asks here. */
    @Test
    void eachLocalUserActsThereAsThatUser() throws Exception {
        assertThat(shell
                .run("""
                        mkdir shared rooted rooting && chmod 1777 shared
                        $program trust "$($program id --home=$folder/rooting)" --name rooting --home=$folder/rooted > /dev/null
                        $program trust "$($program id --home=$folder/rooted)" --name rooted --home=$folder/rooting > /dev/null
                        $program listen 127.0.0.1:0 --export shared=$folder/shared,as=attach,users=0:1:1234 --home=$folder/rooted > listening 2> /dev/null & listen=$!
                        await listening $listen
                        $program dial 127.0.0.1:$(port listening) --peer rooted --home=$folder/rooting > dialled 2> /dev/null & dial=$!
                        await dialled $dial
                        $program mount --home=$folder/rooting -o allow_other,access=user rooted: mnt
                        as="setpriv --reuid=1234 --regid=1234 --clear-groups"
                        $as sh -c 'umask 077; echo mine > mnt/private'
                        $other sh -c 'echo theirs > mnt/public; cat mnt/private'
                        stat -c '%n %u:%g %a' shared/private shared/public mnt/private mnt/public
                        $as cat mnt/private mnt/public
                        $as rm -f mnt/public
                        $as chown 1 mnt/private
                        setpriv --reuid=4321 --regid=4321 --clear-groups ls mnt
                        umount mnt
                        kill $dial; wait $dial; kill $listen; wait $listen
                        """))
                .isEqualTo("""
                        rooted: is at /T/mnt
                        cat: mnt/private: Permission denied
                        shared/private 1234:65534 600
                        shared/public 1:1 644
                        mnt/private 1234:65534 600
                        mnt/public 1:1 644
                        mine
                        theirs
                        rm: cannot remove 'mnt/public': Operation not permitted
                        chown: changing ownership of 'mnt/private': Operation not permitted
                        ls: cannot access 'mnt': Operation not permitted
                        """);
    }

    /** By the line of fstab(5) in docs/mounting.md, and mount(8) with no more in its environment than a unit of systemd has. */
    @Test
    void aLineOfFstabMountsWhenItIsAskedFor() throws Exception {
        assertThat(shell.run("""
                mkdir bin && printf '#!/bin/sh\\nexec %s "$@" --home=%s\\n' "$program" $folder/client > bin/ninetunnel
                chmod 755 bin/ninetunnel && mount --bind bin /usr/local/bin
                grep '^server:data' $docs | sed "s,server:data *[^ ]*,server:files $folder/mnt," > fstab
                mount --bind fstab /etc/fstab
                env -i PATH=/usr/bin mount $folder/mnt
                findmnt -n -o SOURCE,FSTYPE $folder/mnt
                cat mnt/a
                umount $folder/mnt
                findmnt -n $folder/mnt
                """)).isEqualTo("""
                server:files is at /T/mnt
                server:files fuse.ninetunnel
                from the server
                """);
    }

    /** The units that systemd makes of that line: mounted when it is looked at, and not at the boot. */
    @Test
    void systemdMakesAnAutomountOfThatLine() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/lib/systemd/system-generators/systemd-fstab-generator")),
                "SKIPPED: there is no systemd-fstab-generator");
        assertThat(shell.run("""
                grep '^server:data' $docs > fstab && mkdir units
                SYSTEMD_FSTAB=$folder/fstab /usr/lib/systemd/system-generators/systemd-fstab-generator units units units
                (cd units && grep -r '^What\\|^Where\\|^Type\\|^Options' . | sort)
                find units -name 'mnt-data*' -type l
                """)).isEqualTo("""
                ./mnt-data.automount:Where=/mnt/data
                ./mnt-data.mount:Options=noauto,_netdev,x-systemd.automount
                ./mnt-data.mount:Type=fuse.ninetunnel
                ./mnt-data.mount:What=server:data
                ./mnt-data.mount:Where=/mnt/data
                units/remote-fs.target.requires/mnt-data.automount
                """);
    }
}
