# What a local disk of Linux does, rule by rule: usage posix.py RULE, in a directory of its own. Prints what came of it, which has to be the
# same everywhere.
import ctypes, errno, fcntl, mmap, os, struct, sys

libc = ctypes.CDLL(None, use_errno=True)
libc.opendir.restype = ctypes.c_void_p
libc.readdir.restype = ctypes.c_void_p
libc.readdir.argtypes = [ctypes.c_void_p]
libc.telldir.restype = ctypes.c_long
libc.telldir.argtypes = [ctypes.c_void_p]
libc.seekdir.argtypes = [ctypes.c_void_p, ctypes.c_long]
libc.rewinddir.argtypes = [ctypes.c_void_p]
libc.fallocate.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_long, ctypes.c_long]
AT_FDCWD, AT_SYMLINK_FOLLOW = -100, 0x400
NOREPLACE, EXCHANGE, WHITEOUT = 1, 2, 4
KEEP_SIZE, PUNCH_HOLE, ZERO_RANGE = 1, 2, 16
PAGE = 4096


def put(name, content=b"", mode=0o644):
    with open(name, "wb") as file:
        file.write(content)
    os.chmod(name, mode)


def get(name):
    with open(name, "rb") as file:
        return file.read()


def tried(call, *arguments):
    """What a call gives, or the name of its error."""
    try:
        return call(*arguments)
    except OSError as e:
        return errno.errorcode[e.errno]


def system(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), "")
    return result


def rename2(old, new, flags):
    return system(libc.renameat2(AT_FDCWD, old.encode(), AT_FDCWD, new.encode(), flags))


def fallocate(fd, mode, offset, length):
    return system(libc.fallocate(fd, mode, offset, length))


def elsewhere(work):
    """What another process says."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(write, str(work()).encode())
        os._exit(0)
    os.close(write)
    os.waitpid(child, 0)
    said = os.read(read, 4096).decode()
    os.close(read)
    return said


def times():
    put("f")
    for access, change in ((1, 2), (-1, -1_500_000_001), (-10**17 + 7, 10**18 + 123_456_789), (4_000_000_000 * 10**9 + 5, 0)):
        os.utime("f", ns=(access, change))
        print(os.stat("f").st_atime_ns, os.stat("f").st_mtime_ns)
    put("link")
    os.remove("link")
    os.symlink("f", "link")
    os.utime("link", ns=(5, -6), follow_symlinks=False)
    print(os.lstat("link").st_mtime_ns, os.stat("f").st_mtime_ns)


def directories():
    for i in range(200):
        put(f"{i:03}-{'x' * (i % 90)}")
    stream = libc.opendir(b".")

    def entry():
        found = libc.readdir(stream)
        return found and ctypes.string_at(found + 19)

    before = [entry() for _ in range(77)]
    place = libc.telldir(stream)
    rest = []
    while name := entry():
        rest.append(name)
    print(len(before), len(rest), len(set(before + rest)))
    libc.seekdir(stream, place)
    again = []
    while name := entry():
        again.append(name)
    print(again == rest)
    os.remove(rest[0].decode())
    libc.seekdir(stream, place)
    print(entry() in rest[:2])
    libc.rewinddir(stream)
    print(entry() == before[0])


def holes():
    put("f")
    fd = os.open("f", os.O_RDWR)
    os.pwrite(fd, b"x" * PAGE, 1 << 20)
    os.pwrite(fd, b"y" * 100, 3 << 20)
    at, end = 0, os.fstat(fd).st_size
    while True:
        data = tried(os.lseek, fd, at, os.SEEK_DATA)
        if data == "ENXIO":
            break
        at = os.lseek(fd, data, os.SEEK_HOLE)
        print(data, at)
    print(end, tried(os.lseek, fd, end, os.SEEK_HOLE), tried(os.lseek, fd, 0, os.SEEK_HOLE))
    os.lseek(fd, 7, os.SEEK_SET)
    print(os.lseek(fd, 0, os.SEEK_CUR), os.lseek(fd, -1, os.SEEK_END))
    put("empty")
    empty = os.open("empty", os.O_RDONLY)
    print(tried(os.lseek, empty, 0, os.SEEK_DATA), tried(os.lseek, empty, 0, os.SEEK_HOLE))


def space():
    put("f", b"content")
    fd = os.open("f", os.O_RDWR)

    def show(what, came):
        status = os.fstat(fd)
        print(what, came, status.st_size, status.st_blocks * 512 // PAGE, get("f")[:8], len(get("f")))

    show("keep size", tried(fallocate, fd, KEEP_SIZE, 0, 8 * PAGE))
    show("extend", tried(fallocate, fd, 0, 0, 8 * PAGE))
    show("punch", tried(fallocate, fd, PUNCH_HOLE | KEEP_SIZE, 2, 3))
    show("punch pages", tried(fallocate, fd, PUNCH_HOLE | KEEP_SIZE, PAGE, 7 * PAGE))
    show("zero", tried(fallocate, fd, ZERO_RANGE, 0, 4))
    show("beyond", tried(fallocate, fd, KEEP_SIZE, 16 * PAGE, PAGE))
    show("punch alone", tried(fallocate, fd, PUNCH_HOLE, 0, 1))
    show("no length", tried(fallocate, fd, 0, 0, 0))
    show("negative", tried(fallocate, fd, 0, -1, 1))
    show("reading", tried(fallocate, os.open("f", os.O_RDONLY), 0, 0, 1))
    os.posix_fallocate(fd, 0, 10 * PAGE)
    show("posix", 0)


def renames():
    put("a", b"a")
    put("b", b"b")
    os.mkdir("d")
    put("d/in", b"in")
    print(tried(rename2, "a", "b", NOREPLACE), get("a"), get("b"))
    print(tried(rename2, "a", "c", NOREPLACE), sorted(os.listdir(".")))
    print(tried(rename2, "c", "b", EXCHANGE), get("c"), get("b"))
    fd = os.open("b", os.O_RDONLY)
    print(tried(rename2, "d", "b", EXCHANGE), get("d"), get("b/in"), os.read(fd, 9))
    print(tried(rename2, "b", "b/in", EXCHANGE), tried(rename2, "c", "none", EXCHANGE), tried(rename2, "c", "d", 3))
    os.link("c", "same")
    print(tried(rename2, "c", "same", 0), tried(rename2, "c", "same", NOREPLACE), sorted(os.listdir(".")))


def unnamed():
    fd = os.open(".", os.O_TMPFILE | os.O_RDWR, 0o640)
    os.write(fd, b"content")
    print(os.fstat(fd).st_nlink, oct(os.fstat(fd).st_mode), os.listdir("."), os.pread(fd, 9, 0))
    system(libc.linkat(AT_FDCWD, f"/proc/self/fd/{fd}".encode(), AT_FDCWD, b"named", AT_SYMLINK_FOLLOW))
    os.write(fd, b", more")
    print(os.fstat(fd).st_nlink, get("named"), os.stat("named").st_ino == os.fstat(fd).st_ino)
    os.rename("named", "moved")
    os.fchmod(fd, 0o600)
    print(oct(os.stat("moved").st_mode), os.listdir("."))
    other = os.open(".", os.O_TMPFILE | os.O_EXCL | os.O_WRONLY, 0o600)
    print(tried(lambda: system(libc.linkat(AT_FDCWD, f"/proc/self/fd/{other}".encode(), AT_FDCWD, b"no", AT_SYMLINK_FOLLOW))))
    print(tried(os.open, ".", os.O_TMPFILE | os.O_RDONLY), os.listdir("."))


def copies():
    content = bytes(i % 251 for i in range(3 * (1 << 20) + 7))
    put("from", content)
    put("to", b"begin")
    source, into = os.open("from", os.O_RDONLY), os.open("to", os.O_RDWR)
    done, count = 0, 1
    while count:
        count = os.copy_file_range(source, into, 1 << 30, done, 5 + done)
        done += count
    print(done, get("to") == b"begin" + content)
    print(tried(os.copy_file_range, into, source, 1, 0, 0), tried(os.copy_file_range, into, into, 10, 0, 5))
    print(os.copy_file_range(into, into, 5, 0, 1 << 23), os.stat("to").st_size)


def locks():
    put("f", b"x" * 100)
    fd = os.open("f", os.O_RDWR)
    fcntl.flock(fd, fcntl.LOCK_EX)
    fcntl.lockf(fd, fcntl.LOCK_EX | fcntl.LOCK_NB, 10, 20)

    def other(work):
        return elsewhere(lambda: tried(work, os.open("f", os.O_RDWR)))

    def show():
        print(other(lambda o: fcntl.flock(o, fcntl.LOCK_SH | fcntl.LOCK_NB)),
              other(lambda o: fcntl.lockf(o, fcntl.LOCK_EX | fcntl.LOCK_NB, 5, 15)),
              other(lambda o: fcntl.lockf(o, fcntl.LOCK_EX | fcntl.LOCK_NB, 5, 30)))

    show()
    fcntl.flock(fd, fcntl.LOCK_UN)
    show()
    fcntl.flock(fd, fcntl.LOCK_SH)
    show()
    os.close(os.open("f", os.O_RDONLY))
    show()
    shape = "hhqqi"
    asked = struct.pack(shape, fcntl.F_WRLCK, 0, 0, 0, 0)
    fcntl.lockf(fd, fcntl.LOCK_SH, 7, 3)
    print(other(lambda o: struct.unpack(shape, fcntl.fcntl(o, fcntl.F_GETLK, asked))[:4]))
    os.close(fd)
    show()


def maps():
    put("f", b"\0" * (2 * PAGE))
    fd = os.open("f", os.O_RDWR)
    ours = mmap.mmap(fd, 2 * PAGE)
    ours[:5] = b"first"
    print(elsewhere(lambda: get("f")[:5] if ours.flush() is None else None))

    def write():
        theirs = mmap.mmap(os.open("f", os.O_RDWR), 2 * PAGE)
        theirs[PAGE:PAGE + 6] = b"second"
        theirs.close()
        return "done"

    print(elsewhere(write), ours[PAGE:PAGE + 6])
    os.pwrite(fd, b"third", 100)
    print(ours[100:105])
    ours.close()
    os.close(fd)
    print(get("f")[:5], get("f")[PAGE:PAGE + 6])


def notices():
    queue = libc.inotify_init1(0o4000)
    system(libc.inotify_add_watch(queue, b".", 0x100 | 0x2 | 0x8 | 0x40 | 0x80 | 0x200 | 0x4))
    put("f", b"x")
    os.rename("f", "g")
    os.mkdir("d")
    os.truncate("g", 0)
    os.remove("g")
    os.rmdir("d")
    told, at = os.read(queue, 65536), 0
    while at < len(told):
        _, mask, _, length = struct.unpack_from("iIII", told, at)
        print(hex(mask), told[at + 16:at + 16 + length].rstrip(b"\0").decode())
        at += 16 + length


def removed():
    put("f", b"old")
    os.mkdir("d")
    fd, directory = os.open("f", os.O_RDWR), os.open("d", os.O_RDONLY)
    os.remove("f")
    put("f", b"new")
    os.write(fd, b"OLD")
    os.ftruncate(fd, 2)
    print(os.pread(fd, 9, 0), get("f"), os.fstat(fd).st_nlink, os.fstat(fd).st_size)
    os.rmdir("d")
    os.mkdir("d")
    print(tried(lambda: os.mkdir("x", dir_fd=directory)), tried(os.listdir, directory))


globals()[sys.argv[1]]()
