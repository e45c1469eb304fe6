package dev.ninetunnel.testing;

import dev.ninetunnel.wire.Text;
import dev.ninetunnel.wire.message.Rmessage;
import dev.ninetunnel.wire.message.Tmessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Messages of every type with random fields, edge values among them. The same seed gives the same messages. */
public final class RandomMessages {
    /** The components that are narrower on the wire than the int that holds them, by their largest value. */
    private static final Map<String, Integer> NARROW = Map.ofEntries(Map.entry("Topen.mode", 0xFF),
            Map.entry("Tcreate.mode", 0xFF), Map.entry("Tlock.lockType", 0xFF), Map.entry("Tgetlock.lockType", 0xFF),
            Map.entry("Rgetlock.lockType", 0xFF), Map.entry("Rlock.status", 0xFF), Map.entry("Tflush.oldtag", 0xFFFF),
            Map.entry("Stat.kernelType", 0xFFFF), Map.entry("Qid.type", 0xFF), Map.entry("DirectoryEntry.type", 0xFF),
            Map.entry("Twant.want", 0xFF), Map.entry("Rgranted.got", 0xFF), Map.entry("Tbreak.lost", 0xFF),
            Map.entry("Rlist.got", 0xFF), Map.entry("Rlist.more", 0xFF));

    /** What no message of leases holds. */
    private static final Set<String> UNWRAPPED = Set.of("Tversion", "Rversion", "Tflush", "Rflush", "Twant", "Rgranted",
            "Tbreak", "Rbreak", "Tbreaks", "Rbreaks", "Tbehind", "Rbehind", "Tlist", "Rlist");
    private static final int[] EDGES = {0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, 0xFFFF, 0x10000};
    private static final int MOST_NAMES = 16;

    private final RandomGenerator random;

    public RandomMessages(RandomGenerator random) {
        this.random = random;
    }

    /** The record of every request. */
    public static List<Class<?>> requests() {
        return List.of(Tmessage.class.getPermittedSubclasses());
    }

    /** The record of every reply. */
    public static List<Class<?>> replies() {
        return List.of(Rmessage.class.getPermittedSubclasses());
    }

    /** The records of all messages. */
    public static List<Class<?>> all() {
        return Stream.concat(requests().stream(), replies().stream()).toList();
    }

    /** One of this record. */
    public Object of(Class<?> message) {
        try {
            RecordComponent[] components = message.getRecordComponents();
            Class<?>[] types = new Class<?>[components.length];
            Object[] values = new Object[components.length];
            for (int i = 0; i < components.length; i++) {
                types[i] = components[i].getType();
                values[i] = value(components[i].getGenericType(),
                        message.getSimpleName() + "." + components[i].getName());
            }
            return message.getConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One of any type. */
    public Object any() {
        List<Class<?>> all = all();
        return of(all.get(random.nextInt(all.size())));
    }

    /** The whole frame of a message, in a buffer on the heap. */
    public static ByteBuf frame(Object message, int tag) {
        ByteBuf frame = Unpooled.buffer();
        switch (message) {
            case Tmessage request -> request.write(frame, tag);
            case Rmessage reply -> reply.write(frame, tag);
            default -> throw new IllegalArgumentException("no message: " + message);
        }
        return frame;
    }

    private Object value(Type type, String name) {
        if (type instanceof ParameterizedType generic) {
            Type element = generic.getActualTypeArguments()[0];
            return generic.getRawType() == List.class ? list(element, name) : optional(element, name);
        }
        if (type == int.class) {
            return integer(NARROW.getOrDefault(name, -1));
        }
        if (type == long.class) {
            return (long) integer(-1) << 32 ^ integer(-1);
        }
        if (type == Text.class) {
            return text();
        }
        if (type == ByteBuf.class) {
            return Unpooled.wrappedBuffer(bytes(random.nextInt(40)));
        }
        if (type == OptionalInt.class) {
            return random.nextBoolean() ? OptionalInt.empty() : OptionalInt.of(integer(-1));
        }
        if (type == Tmessage.class || type == Rmessage.class) {
            return of(wrapped(type == Tmessage.class ? requests() : replies()));
        }
        return of((Class<?>) type);
    }

    /** One that a message of leases may hold. */
    private Class<?> wrapped(List<Class<?>> messages) {
        List<Class<?>> allowed = messages.stream().filter(m -> !UNWRAPPED.contains(m.getSimpleName())).toList();
        return allowed.get(random.nextInt(allowed.size()));
    }

    private List<Object> list(Type element, String name) {
        List<Object> list = new ArrayList<>();
        for (int n = random.nextInt(MOST_NAMES + 1); n > 0; n--) {
            list.add(value(element, name));
        }
        return list;
    }

    private Optional<Object> optional(Type element, String name) {
        return random.nextBoolean() ? Optional.empty() : Optional.of(value(element, name));
    }

    private int integer(int mask) {
        return (random.nextInt(3) == 0 ? EDGES[random.nextInt(EDGES.length)] : random.nextInt()) & mask;
    }

    /** Mostly short, now and then long, seldom UTF-8. */
    private Text text() {
        return Text.of(bytes(random.nextInt(50) == 0 ? random.nextInt(5000) : random.nextInt(12)));
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
