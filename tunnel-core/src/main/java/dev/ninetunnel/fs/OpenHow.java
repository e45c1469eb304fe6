package dev.ninetunnel.fs;

/**
 * How to open a file.
 *
 * @param append every write goes to the end
 * @param truncate cut to nothing first
 * @param exclusive with create: fail if it is there
 * @param directory fail if it is none
 * @param sync a write has reached the disk when it returns
 */
public record OpenHow(Access access, boolean append, boolean truncate, boolean exclusive, boolean directory,
        boolean sync) {
    /** For reading, with nothing special. */
    public static final OpenHow READ = new OpenHow(Access.READ, false, false, false, false, false);
    /** For writing, with nothing special. */
    public static final OpenHow WRITE = new OpenHow(Access.WRITE, false, false, false, false, false);
    /** For both, with nothing special. */
    public static final OpenHow READ_WRITE = new OpenHow(Access.READ_WRITE, false, false, false, false, false);

    /** What will be done with it. */
    public enum Access {
        READ, WRITE, READ_WRITE;

        public boolean reads() {
            return this != WRITE;
        }

        public boolean writes() {
            return this != READ;
        }
    }
}
