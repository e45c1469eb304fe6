package dev.ninetunnel.testing;

import java.nio.file.Path;

/**
 * What people do with files, each as a script that fails if anything is not as on a local disk. The files are in {@code /mnt/a}; what a
 * script needs besides is in {@code /tmp}.
 */
public final class FileWork {
    /** All attributes of a tree, as tar sees them, in one order. */
    public static final String TAR = """
            mkdir /tmp/source; cd /tmp/source
            base=$(ls -d /usr/lib/*/perl-base | head -n 1)
            mkdir tree; cp -a $base/*.pm $base/IO $base/File tree
            chmod 4751 tree/strict.pm; chown 77:88 tree/warnings.pm; touch -d '1999-01-01 00:00:01' tree/strict.pm
            ln -s nowhere tree/symlink; ln tree/strict.pm tree/hard; mkfifo tree/fifo; mknod tree/null c 1 3
            tar --sort=name -cf /tmp/first.tar tree
            tar -xpf /tmp/first.tar -C /mnt/a
            tar -df /tmp/first.tar -C /mnt/a
            tar --sort=name -cf /tmp/second.tar -C /mnt/a tree
            for tar in first second; do
                tar -tvf /tmp/$tar.tar | tr -s ' ' >/tmp/$tar
            done
            diff /tmp/first /tmp/second
            rm -r /mnt/a/tree
            """;

    /** $1 is a journal mode, $2 the mount that looks at the database afterwards. */
    public static final String SQLITE = """
            sqlite3 /mnt/a/db "pragma journal_mode=$1; create table t(a integer primary key, b text);
                begin;
                with recursive c(x) as (select 1 union all select x + 1 from c where x < 3000)
                insert into t select x, hex(randomblob(100)) from c;
                commit;
                create index i on t(b); delete from t where a % 3 = 0; vacuum;"
            [ "$(sqlite3 $2/db 'select count(*) from t; pragma integrity_check' | tr '\\n' ' ')" = "2000 ok " ]
            rm /mnt/a/db*
            """;

    public static final String GIT = """
            export GIT_CONFIG_GLOBAL=/tmp/gitconfig
            git config --global user.email somebody@example.org; git config --global user.name somebody
            git config --global --add safe.directory '*'; git config --global init.defaultBranch main
            git init -q /tmp/origin; cd /tmp/origin
            base=$(ls -d /usr/lib/*/perl-base | head -n 1)
            cp -r $base/*.pm $base/IO $base/File .
            git add .; git commit -qm one; echo more >>strict.pm; git commit -qam two
            git clone -q --no-hardlinks /tmp/origin /mnt/a/clone; cd /mnt/a/clone
            [ -z "$(git status --porcelain)" ]
            git checkout -q HEAD~1; git checkout -q main; echo third >>strict.pm; git commit -qam three
            git gc -q; git fsck --full --strict --no-progress
            [ "$(git log --oneline | wc -l)" = 3 ]
            cd /; rm -r /mnt/a/clone
            """;

    /**
     * What 9P2000 has of a tree: files and directories, their permissions, and times in seconds. Tar does not set what it
     * believes to have made already, but open(5) limits the permissions of a new file by those of its directory.
     */
    public static final String PLAIN_TAR = """
            rm -rf /tmp/source; mkdir /tmp/source; cd /tmp/source
            base=$(ls -d /usr/lib/*/perl-base | head -n 1)
            mkdir tree; cp -aL $base/*.pm $base/IO $base/File tree; chmod -R u+w tree; chmod 751 tree/strict.pm
            find tree -exec touch -d '1999-01-01 00:00:01' {} +
            tar --sort=name --owner=root --group=root -cf /tmp/first.tar tree
            tar --no-same-owner -xpf /tmp/first.tar -C /mnt/a
            find tree -printf '%m %p\\n' | while read -r mode file; do chmod $mode "/mnt/a/$file"; done
            tar --sort=name --owner=root --group=root -cf /tmp/second.tar -C /mnt/a tree
            cmp /tmp/first.tar /tmp/second.tar
            rm -r /mnt/a/tree
            """;

    public static final String DBENCH = """
            mkdir /mnt/a/dbench; dbench -t 5 -D /mnt/a/dbench 3 >/tmp/out || { cat /tmp/out; exit 1; }
            rm -r /mnt/a/dbench
            """;

    public static final String RANDOM = fio("random --rw=randrw --size=4m --numjobs=3 --bsrange=512-64k");

    /** Together more than the 16 MiB that a session keeps at most of what is not acknowledged. */
    public static final String SEQUENTIAL = fio("sequential --rw=write --size=12m --numjobs=2 --bs=1m");

    private FileWork() {}

    /** A script for other places than those. */
    public static String at(String script, Path a, Path b, Path temporary) {
        return "set -e\n" + script.replace("/tmp/", temporary + "/").replace("/mnt/a", a.toString())
                .replace("/mnt/b", b.toString());
    }

    /** Writes and reads with fio(1), which compares. */
    public static String fio(String options) {
        String name = options.substring(0, options.indexOf(' '));
        return """
                fio --name=%s --directory=/mnt/a --verify=crc32c --do_verify=1 --verify_fatal=1 --end_fsync=1 \\
                    --minimal --eta=never --output=/tmp/fio%s || { cat /tmp/fio; exit 1; }
                rm /mnt/a/%s.*
                """.formatted(name, options.substring(name.length()), name);
    }
}
