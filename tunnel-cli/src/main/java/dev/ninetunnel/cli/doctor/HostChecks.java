package dev.ninetunnel.cli.doctor;

import dev.ninetunnel.fuse.FuseMount;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What the host has to offer.
 *
 * @param root where its files are: {@code /}
 */
public record HostChecks(Path root) {
    /** Fewer files than this can be leased, and opened, in a busy endpoint. */
    private static final long FEW_DESCRIPTORS = 4096;
    private static final long FEW_WATCHES = 16_384;
    private static final long CLOCK_SECONDS = 3;

    /** All of them. */
    public List<Finding> all() {
        return List.of(java(), mount(), allowOther(), kernelClient(), descriptors(), watches(), clock());
    }

    private static Finding java() {
        String version = "Java " + Runtime.version() + " (" + System.getProperty("java.vendor") + ")";
        boolean quick = ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .anyMatch(argument -> argument.startsWith("-XX:AOTCache="));
        return quick
                ? Finding.good(version)
                : Finding.missing(version + ", without what makes it start quickly",
                        "start by the launcher 'ninetunnel', with the Java that it was built with");
    }

    private static Finding mount() {
        try {
            FuseMount.requireAvailable();
            return Finding.good("mounts without root: /dev/fuse and fusermount3 are there");
        } catch (IOException e) {
            return Finding.missing("no mounts without root", e.getMessage());
        }
    }

    private Finding allowOther() {
        boolean allowed = lines("etc/fuse.conf").anyMatch(line -> line.strip().equals("user_allow_other"));
        return allowed
                ? Finding.good("mounts without root may be shown to other users (-o allow_other)")
                : Finding.missing("mounts without root are for their own user only",
                        "for -o allow_other, root writes the line user_allow_other into /etc/fuse.conf");
    }

    private Finding kernelClient() {
        boolean loaded = lines("proc/filesystems").anyMatch(line -> line.endsWith("\t9p"));
        boolean module = lines("lib/modules/" + release() + "/modules.dep").anyMatch(line -> line.contains("/9p.ko"));
        return loaded || module
                ? Finding.good("mounts by the kernel's own client (mount --kernel)")
                : Finding.missing("the kernel has no client for 9P, so no mount --kernel",
                        "mounts without root do without; or install the kernel's extra modules (linux-modules-extra)");
    }

    private String release() {
        return lines("proc/sys/kernel/osrelease").findFirst().orElse("");
    }

    private Finding descriptors() {
        long limit = lines("proc/self/limits").filter(line -> line.startsWith("Max open files"))
                .map(line -> line.substring(26).strip().split("\\s+", -1)).mapToLong(words -> number(words[1]))
                .findFirst()
                .orElse(Long.MAX_VALUE);
        return limit < FEW_DESCRIPTORS
                ? Finding.missing("few files can be open at once: " + limit,
                        "raise the hard limit: LimitNOFILE= in a unit, or ulimit -Hn")
                : Finding.good("files open at once: " + (limit == Long.MAX_VALUE ? "any number" : limit));
    }

    private Finding watches() {
        long limit = lines("proc/sys/fs/inotify/max_user_watches").mapToLong(HostChecks::number).findFirst().orElse(0);
        return limit < FEW_WATCHES
                ? Finding.missing(
                        "few files can be watched: " + limit + ". Peers cannot keep more of what is exported here",
                        "sysctl fs.inotify.max_user_watches=65536")
                : Finding.good("files watched for peers that keep them: up to " + limit);
    }

    private Finding clock() {
        try {
            Process asked = new ProcessBuilder("timedatectl", "show", "--property=NTPSynchronized", "--value")
                    .redirectErrorStream(true).start();
            if (!asked.waitFor(CLOCK_SECONDS, TimeUnit.SECONDS)) {
                asked.destroyForcibly();
                return unknownClock();
            }
            return switch (new String(asked.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip()) {
                case "yes" -> Finding.good("the clock is set by the network");
                case "no" -> Finding.missing("the clock is not set by the network: certificates may seem out of date",
                        "timedatectl set-ntp true");
                default -> unknownClock();
            };
        } catch (IOException _) {
            return unknownClock();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return unknownClock();
        }
    }

    private static Finding unknownClock() {
        return Finding.good("the clock says " + Instant.now().truncatedTo(ChronoUnit.SECONDS)
                + "; what sets it is not known here");
    }

    private static long number(String text) {
        return text.matches("\\d{1,18}") ? Long.parseLong(text) : Long.MAX_VALUE;
    }

    private Stream<String> lines(String file) {
        try {
            return Files.readAllLines(root.resolve(file), StandardCharsets.ISO_8859_1).stream();
        } catch (IOException _) {
            return Stream.of(); // it is not there, or not for this user
        }
    }
}
