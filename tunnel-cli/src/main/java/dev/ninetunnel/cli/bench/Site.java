package dev.ninetunnel.cli.bench;

import dev.ninetunnel.client.Login;
import dev.ninetunnel.client.Offer;
import dev.ninetunnel.client.Progress;
import dev.ninetunnel.client.RemoteFiles;
import dev.ninetunnel.client.RemotePath;
import dev.ninetunnel.wire.Text;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/**
 * The files that a benchmark uses on a server: one to read, and one for each client that writes, in a directory that is
 * made for it and removed again. Where the server gives no rights to make one, reading a file that is there still works.
 */
public final class Site implements AutoCloseable {
    private static final int PERMISSIONS = 0755;
    private static final String DATA = "data";

    private final Target target;
    private final RemotePath folder;
    private final RemotePath data;
    private final long size;

    private Site(Target target, RemotePath folder, RemotePath data, long size) {
        this.target = target;
        this.folder = folder;
        this.data = data;
        this.size = size;
    }

    /** Makes the directory and the file to read, of so many bytes that no compression could shorten. */
    public static Site prepare(Target target, long bytes) throws IOException {
        Site site = planned(target, bytes);
        site.make();
        return site;
    }

    /** The same files, by another way to the same server. Who has made them removes them. */
    public Site by(Target way) {
        return new Site(way, folder, data, size);
    }

    /** One of which nothing is there before {@link #make}. */
    static Site planned(Target target, long bytes) {
        RemotePath folder = RemotePath.of("ninetunnel-bench-" + Long.toHexString(System.nanoTime()));
        return new Site(target, folder, folder.child(Text.of(DATA)), bytes);
    }

    /** Makes the directory and the file to read. */
    void make() throws IOException {
        try (RemoteFiles files = files()) {
            files.makeDirectory(folder, PERMISSIONS);
            files.write(data, new RandomBytes(size), PERMISSIONS, size, Progress.NONE);
        }
    }

    /** Reads a file that is there, and writes none. */
    static Site existing(Target target, String path) throws IOException {
        RemotePath data = RemotePath.of(path);
        Site site = new Site(target, null, data, 0);
        try (RemoteFiles files = site.files()) {
            return new Site(target, null, data, files.status(data).size());
        }
    }

    /** The file to read, to walk to and to open. */
    public RemotePath data() {
        return data;
    }

    /** How long that file is, and the others become, in bytes. */
    long size() {
        return size;
    }

    /** Makes a file for each of so many writers. */
    void makeFilesToWrite(int writers) throws IOException {
        if (writers == 0) {
            return;
        }
        if (folder == null) {
            throw new IOException("writing is measured in files of the benchmark's own: leave --file out");
        }
        try (RemoteFiles files = files()) {
            for (int i = 0; i < writers; i++) {
                files.write(toWrite(i), new ByteArrayInputStream(new byte[0]), PERMISSIONS, 0, Progress.NONE);
            }
        }
    }

    /** The file of the writer with this number, from 0. */
    RemotePath toWrite(int writer) {
        return folder.child(Text.of("written-" + writer));
    }

    private RemoteFiles files() throws IOException {
        return RemoteFiles.connect(target.address(), Offer.any(), Login.ofThisProcess(target.aname()));
    }

    @Override
    public void close() throws IOException {
        if (folder != null) {
            try (RemoteFiles files = files()) {
                files.removeTree(folder);
            }
        }
    }
}
