package dev.ninetunnel.link;

import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** Socket addresses for people. */
public final class Addresses {
    private Addresses() {}

    /** As {@code 192.0.2.1:5640} or {@code [2001:db8::1]:5640}, without asking for a name. */
    public static String show(SocketAddress address) {
        return address instanceof InetSocketAddress inet && !inet.isUnresolved()
                ? NetUtil.toSocketAddressString(inet.getAddress().getHostAddress(), inet.getPort())
                : String.valueOf(address);
    }
}
