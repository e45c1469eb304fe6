package dev.ninetunnel.lease;

import dev.ninetunnel.fs.Attributes;
import dev.ninetunnel.fs.Attributes.Time;

/** What a file looks like from outside: what is different when it has been changed. The time of access is no part of it. */
record Look(int mode, int uid, int gid, long links, long size, Time modification, Time change, Time birth) {
    static Look of(Attributes a) {
        return new Look(a.mode(), a.uid(), a.gid(), a.links(), a.size(), a.modification(), a.change(), a.birth());
    }
}
