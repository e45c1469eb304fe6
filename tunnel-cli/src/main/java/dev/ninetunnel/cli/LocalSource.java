package dev.ninetunnel.cli;

import dev.ninetunnel.client.Source;
import dev.ninetunnel.linux.DataSeeker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** A file of this machine, whose holes are not read. */
public record LocalSource(FileChannel channel, Optional<DataSeeker> data) implements Source, AutoCloseable {
    public static LocalSource open(Path file) throws IOException {
        return new LocalSource(FileChannel.open(file, StandardOpenOption.READ), DataSeeker.open(file));
    }

    @Override
    public int fill(byte[] bytes) throws IOException {
        ByteBuffer room = ByteBuffer.wrap(bytes);
        while (room.hasRemaining() && channel.read(room) >= 0) {
            // On to the end of the room, or of the file.
        }
        return room.position();
    }

    @Override
    public long skipHole() throws IOException {
        long at = channel.position();
        long hole = data.isEmpty() ? 0 : data.get().next(at) - at;
        channel.position(at + hole);
        return hole;
    }

    @Override
    public void close() throws IOException {
        data.ifPresent(DataSeeker::close);
        channel.close();
    }
}
