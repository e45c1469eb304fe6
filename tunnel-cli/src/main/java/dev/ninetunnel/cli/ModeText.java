package dev.ninetunnel.cli;

import dev.ninetunnel.client.FileKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/** Permission bits, as {@code ls -l} writes them and as java.nio wants them. */
public final class ModeText {
    /** What a copy keeps: who may read, write and run it, and not setuid, setgid or the sticky bit. */
    public static final int RWX = 0777;

    /** What a new file may have at most. */
    public static final int READ_WRITE = 0666;

    private static final int SETUID = 04000;
    /** New entries get the directory's group; new directories this bit, too. */
    public static final int SETGID = 02000;

    private static final int STICKY = 01000;
    private static final String LETTERS = "rwxrwxrwx";
    private static final int OWNER_EXECUTE = 3;
    private static final int GROUP_EXECUTE = 6;
    private static final int OTHERS_EXECUTE = 9;

    private ModeText() {}

    /** Ten letters; {@code ?} stands first for what is neither file, directory nor link. */
    static String of(FileKind kind, int permissions) {
        StringBuilder text = new StringBuilder().append(switch (kind) {
            case FILE -> '-';
            case DIRECTORY -> 'd';
            case SYMLINK -> 'l';
            case OTHER -> '?';
        });
        for (int i = 0; i < LETTERS.length(); i++) {
            text.append((permissions & (0400 >> i)) == 0 ? '-' : LETTERS.charAt(i));
        }
        special(text, OWNER_EXECUTE, (permissions & SETUID) != 0, 's');
        special(text, GROUP_EXECUTE, (permissions & SETGID) != 0, 's');
        special(text, OTHERS_EXECUTE, (permissions & STICKY) != 0, 't');
        return text.toString();
    }

    private static void special(StringBuilder text, int at, boolean set, char letter) {
        if (set) {
            text.setCharAt(at, text.charAt(at) == 'x' ? letter : Character.toUpperCase(letter));
        }
    }

    /** Whether a directory gives its group to what is made in it. */
    public static boolean hasGroupBit(Path directory) throws IOException {
        return ((Integer) Files.getAttribute(directory, "unix:mode") & SETGID) != 0;
    }

    public static Set<PosixFilePermission> toPosix(int permissions) {
        Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
        for (PosixFilePermission permission : PosixFilePermission.values()) {
            if ((permissions & bit(permission)) != 0) {
                set.add(permission);
            }
        }
        return set;
    }

    public static int ofPosix(Set<PosixFilePermission> set) {
        return set.stream().mapToInt(ModeText::bit).sum();
    }

    private static int bit(PosixFilePermission permission) {
        return switch (permission) {
            case OWNER_READ -> 0400;
            case OWNER_WRITE -> 0200;
            case OWNER_EXECUTE -> 0100;
            case GROUP_READ -> 040;
            case GROUP_WRITE -> 020;
            case GROUP_EXECUTE -> 010;
            case OTHERS_READ -> 04;
            case OTHERS_WRITE -> 02;
            case OTHERS_EXECUTE -> 01;
        };
    }
}
