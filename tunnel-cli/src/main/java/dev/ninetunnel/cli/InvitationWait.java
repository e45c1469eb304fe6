package dev.ninetunnel.cli;

import dev.ninetunnel.identity.IdentityException;
import dev.ninetunnel.identity.invitation.Invitation;
import dev.ninetunnel.identity.invitation.Invitations;
import java.io.PrintWriter;
import java.util.concurrent.atomic.AtomicBoolean;

/** Waits until an invitation has been used, or cannot be any more; an interrupt withdraws it. */
final class InvitationWait {
    private static final long LOOK_MILLIS = 250;

    private final PrintWriter err;
    private final Invitations invitations;
    private final Invitation made;
    private final String name;

    InvitationWait(PrintWriter err, Invitations invitations, Invitation made, String name) {
        this.err = err;
        this.invitations = invitations;
        this.made = made;
        this.name = name;
    }

    /** Returns when it has been; another end is a {@link Failure}. */
    void untilUsed() {
        AtomicBoolean over = new AtomicBoolean();
        Thread hook = Thread.ofPlatform().name("withdrawing").unstarted(() -> {
            if (!over.get()) {
                withdraw();
            }
        });
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            look();
        } finally {
            over.set(true);
        }
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException leavingAlready) {
            // The hook has nothing to do any more.
        }
    }

    private void look() {
        int tries = Invitations.TRIES;
        while (true) {
            switch (Problems.explained(() -> invitations.state(made.id()))) {
                case Invitations.State.Used _ -> {
                    return;
                }
                case Invitations.State.Over(var why) -> throw new Failure(Failure.NO_PERMISSION, switch (why) {
                    case EXPIRED -> "the invitation for " + name + " has expired unused";
                    case ENDED -> "the invitation for " + name + " is over: " + Invitations.TRIES
                            + " wrong secrets came for it. Make another, and see to it that only " + name + " gets it";
                    default ->
                        "the invitation for " + name + " is not there any more: a newer one has taken its place, "
                                + "or " + invitations.file() + " was removed";
                });
                case Invitations.State.Open(int left) -> tries = tell(left, tries);
            }
            Problems.run(() -> Thread.sleep(LOOK_MILLIS));
        }
    }

    private int tell(int left, int before) {
        if (left < before) {
            err.println("a wrong secret came for it: " + left + " more would end it");
            err.flush();
        }
        return left;
    }

    private void withdraw() {
        try {
            invitations.withdraw(made.id());
            err.println("the invitation is withdrawn");
        } catch (IdentityException e) {
            err.println("ninetunnel: the invitation may still hold: " + e.getMessage());
        }
        err.flush();
    }
}
