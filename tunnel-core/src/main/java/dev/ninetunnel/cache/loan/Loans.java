package dev.ninetunnel.cache.loan;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The leases that one local client has been granted here, each a part of what is held of the far side, under a number that is never
 * used again for this client. Belongs to the loop of the client role.
 *
 * @param <L> what they are parts of
 */
public final class Loans<L> {
    /** What {@link #grant} says of a lease that cannot be granted. */
    public static final long NONE = 0;

    private final LeaseRecalls client;
    private final int most;
    private final Consumer<L> over;
    private final Map<L, Loan> loans = new LinkedHashMap<>();
    private long last = NONE;

    private final class Loan {
        private final L of;
        private final long number;
        private int kinds;
        private boolean recalled;

        private Loan(L of, long number) {
            this.of = of;
            this.number = number;
        }

        private void recall() {
            if (!recalled) {
                recalled = true;
                client.recall(number, kinds, this::givenUp);
            }
        }

        private void givenUp() {
            loans.remove(of);
            over.accept(of);
        }
    }

    /**
     * Of a client that has none yet.
     *
     * @param most how many it may have
     * @param over hears when the client has given up what it was granted of something
     */
    public Loans(LeaseRecalls client, int most, Consumer<L> over) {
        this.client = client;
        this.most = most;
        this.over = over;
    }

    /**
     * Grants kinds of a lease, or more kinds of one.
     *
     * @return its number; {@link #NONE} if it is being asked back, or if there is no room: then the oldest is asked back
     */
    public long grant(L of, int kinds) {
        Loan loan = loans.get(of);
        if (loan == null && loans.size() >= most) {
            loans.values().stream().filter(oldest -> !oldest.recalled).findFirst().ifPresent(Loan::recall);
            return NONE;
        }
        if (loan == null) {
            last++;
            loan = new Loan(of, last);
            loans.put(of, loan);
        }
        if (loan.recalled) {
            return NONE;
        }
        loan.kinds |= kinds;
        return loan.number;
    }

    /** Asks the client for what it was granted of something, unless that has been done. */
    public void recall(L of) {
        Loan loan = loans.get(of);
        if (loan != null) {
            loan.recall();
        }
    }

    /** Whether the client has nothing. */
    public boolean isEmpty() {
        return loans.isEmpty();
    }

    /** The client has left, and keeps nothing. */
    public void left() {
        List.copyOf(loans.values()).forEach(Loan::givenUp);
    }
}
