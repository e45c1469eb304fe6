package dev.ninetunnel.cli;

import java.util.List;
import java.util.stream.Stream;

/** The commands that there are, in the order in which help lists them. */
final class Commands {
    /**
     * One of them.
     *
     * @param name as its annotation says it; here as well, because to read annotations takes long
     */
    record Entry(String name, Class<?> type) {
        /** Whether it is one of those by which an endpoint runs. */
        boolean startsEndpoint() {
            return type == ListenCommand.class || type == DialCommand.class || type == UpCommand.class
                    || type == DemoCommand.class;
        }
    }

    static final List<Entry> ALL = List.of(
            new Entry("invite", InviteCommand.class),
            new Entry("accept", AcceptCommand.class),
            new Entry("id", IdCommand.class),
            new Entry("trust", TrustCommand.class),
            new Entry("untrust", UntrustCommand.class),
            new Entry("peers", PeersCommand.class),
            new Entry("listen", ListenCommand.class),
            new Entry("dial", DialCommand.class),
            new Entry("up", UpCommand.class),
            new Entry("verify", VerifyCommand.class),
            new Entry("reload", ReloadCommand.class),
            new Entry("status", StatusCommand.class),
            new Entry("logs", LogsCommand.class),
            new Entry("ui", UiCommand.class),
            new Entry("disconnect", DisconnectCommand.class),
            new Entry("ls", LsCommand.class),
            new Entry("stat", StatCommand.class),
            new Entry("cat", CatCommand.class),
            new Entry("get", GetCommand.class),
            new Entry("put", PutCommand.class),
            new Entry("sync", SyncCommand.class),
            new Entry("mkdir", MkdirCommand.class),
            new Entry("rm", RmCommand.class),
            new Entry("mv", MvCommand.class),
            new Entry("ln", LnCommand.class),
            new Entry("chmod", ChmodCommand.class),
            new Entry("find", FindCommand.class),
            new Entry("du", DuCommand.class),
            new Entry("df", DfCommand.class),
            new Entry("mount", MountCommand.class),
            new Entry("unmount", UnmountCommand.class),
            new Entry("doctor", DoctorCommand.class),
            new Entry("demo", DemoCommand.class),
            new Entry("bench", BenchCommand.class),
            new Entry("complete", CompleteCommand.class));

    private Commands() {}

    /** With the command where it is left out: mount(8) runs {@code ninetunnel SOURCE DIR -o OPTIONS} for a line of fstab(5). */
    static String[] complete(String... args) {
        boolean mounts = args.length > 1 && PeerPath.looksLike(args[0]) && !args[0].startsWith("-");
        return mounts ? Stream.concat(Stream.of("mount"), Stream.of(args)).toArray(String[]::new) : args;
    }

    /** Those of which the arguments may mean one: all, or, where the first argument names one, that one. */
    static List<Entry> in(String... args) {
        List<Entry> called = args.length == 0
                ? List.of()
                : ALL.stream().filter(entry -> entry.name.equals(args[0])).toList();
        return called.isEmpty() ? ALL : called;
    }
}
