package dev.ninetunnel.link.accept;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * Where a connection comes from, as far as it counts: an IPv4 address, or a /64 of IPv6, for who has one address there has all
 * 2^64 of them (RFC 4291, 2.5.1).
 *
 * @param six whether it is one of IPv6
 * @param network the address, or the first half of it
 */
record SourceAddress(boolean six, long network) {
    static SourceAddress of(InetAddress address) {
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        return address instanceof Inet6Address
                ? new SourceAddress(true, bytes.getLong())
                : new SourceAddress(false, Integer.toUnsignedLong(bytes.getInt()));
    }

    @Override
    public String toString() {
        try {
            return six
                    ? InetAddress.getByAddress(ByteBuffer.allocate(16).putLong(network).array()).getHostAddress()
                            + "/64"
                    : InetAddress.getByAddress(ByteBuffer.allocate(4).putInt((int) network).array()).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
