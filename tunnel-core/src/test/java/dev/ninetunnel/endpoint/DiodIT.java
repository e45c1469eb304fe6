package dev.ninetunnel.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ninetunnel.client.Offer;
import dev.ninetunnel.export.Export;
import dev.ninetunnel.link.HostPort;
import dev.ninetunnel.testing.Diod;
import dev.ninetunnel.testing.EndpointPair;
import dev.ninetunnel.testing.FreePort;
import dev.ninetunnel.testing.LockingClient;
import dev.ninetunnel.testing.RoundTrip;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Debian's diod: its server behind an endpoint, and its clients before one. */
class DiodIT {
    @TempDir
    private Path folder;

    @Test
    void diodAsUpstreamServerIsReachedThroughTheTunnel() throws Exception {
        Path files = Files.createDirectory(folder.resolve("files"));
        Path room = Files.createDirectory(folder.resolve("diod"));
        try (Diod diod = Diod.serve(files, room)) {
            Export upstream = new Export("",
                    new Export.Target.Upstream(new Export.Address.Unix(diod.address().getPath())));
            try (EndpointPair pair = new EndpointPair(folder, List.of(upstream), List.of())) {
                pair.link();
                RoundTrip.through(pair.northsFiles(), Offer.any(), diod.aname(), files);
                pair.awaitNothingLeft();
            }
        }
    }

    /** Rule M15. */
    @Test
    void diodTellsLocalClientsOfOneNameApartWhenTheyLock() throws Exception {
        Path files = Files.createDirectory(folder.resolve("files"));
        Path room = Files.createDirectory(folder.resolve("diod"));
        Files.writeString(files.resolve("f"), "content");
        try (Diod diod = Diod.serve(files, room)) {
            Export upstream = new Export("",
                    new Export.Target.Upstream(new Export.Address.Unix(diod.address().getPath())));
            try (EndpointPair pair = new EndpointPair(folder, List.of(upstream), List.of())) {
                pair.link();
                try (LockingClient one = new LockingClient(pair.northsFiles(), diod.aname());
                        LockingClient third = new LockingClient(pair.northsFiles(), diod.aname())) {
                    one.open(1, "f");
                    third.open(1, "f");
                    try (LockingClient other = new LockingClient(pair.northsFiles(), diod.aname())) {
                        other.open(1, "f");
                        assertThat(one.lock(1, LockingClient.WRITE)).isTrue();
                        assertThat(other.lock(1, LockingClient.WRITE)).isFalse();
                    }
                    assertThat(third.lock(1, LockingClient.WRITE)).as("after another has hung up").isFalse();
                }
                pair.awaitNothingLeft();
            }
        }
    }

    @Test
    void diodsOwnClientsListAndReadThroughTheTunnel() throws Exception {
        int port = FreePort.find();
        try (EndpointPair pair = EndpointPair.linked(folder)) {
            Files.writeString(folder.resolve("south/greeting"), "hello\n");
            pair.north().post("south", new LocalAddress.Tcp(new HostPort("127.0.0.1", port)));
            String server = "127.0.0.1:" + port;
            assertThat(output("diodls", "-s", server, "-a", "")).isEqualTo("greeting\n");
            assertThat(output("diodls", "-l", "-s", server, "-a", "south")).contains("-rw-", " greeting\n");
            assertThat(output("diodcat", "-s", server, "-a", "south", "greeting")).isEqualTo("hello\n");
            pair.awaitNothingLeft();
        }
    }

    private static String output(String program, String... arguments) throws IOException, InterruptedException {
        Path found = Diod.find(program);
        assumeTrue(found != null, "SKIPPED: " + program + " is not installed (apt-get install diod)");
        List<String> command = new java.util.ArrayList<>(List.of(found.toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("%s printed:\n%s", command, printed).isZero();
        return printed;
    }
}
