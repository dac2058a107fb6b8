package dev.keyturn.engine.statespace;

import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What goes wrong at a boundary.
 *
 * @param when whether the call has its effect, and whether the caller lives to hear of it
 * @param answer what the caller hears: the name of a kind, or of one of {@link Answer}
 * @param lands for {@link When#LATE} and {@link When#CRASH_LATE}: before which later boundary the effect lands, counted from
 *     this one; it lands when the server's own limit is over at the latest
 * @param forever whether every later call of this kind in the same run meets the same
 */
record Fault(When when, Enum<?> answer, int lands, boolean forever) {

    enum When { NEVER, CRASH_BEFORE, CRASH_AFTER, CRASH_LATE, BEFORE, AFTER, LATE }

    /** What is no kind of the SPI: the four of Secret Manager, and a plugin that throws what it may not. */
    enum Answer { NONE, UNCLEAR, REFUSED, FORBIDDEN, THROTTLED, GARBAGE, BUG }

    /** Which faults a walk tries. */
    enum Alphabet { FULL, CORE }

    static final int AT_THE_LIMIT = 99;
    static final Fault NONE = new Fault(When.NEVER, Answer.NONE, 0, false);

    private static final Map<Call, List<Fault>> FULL = table(Alphabet.FULL);
    private static final Map<Call, List<Fault>> CORE = table(Alphabet.CORE);

    /** All that can happen at a call; the first is nothing. */
    static List<Fault> of(Call call, Alphabet alphabet) {
        return (alphabet == Alphabet.FULL ? FULL : CORE).get(call);
    }

    TargetException exception() {
        return new TargetException((Kind) answer, "injected");
    }

    private static Map<Call, List<Fault>> table(Alphabet alphabet) {
        Map<Call, List<Fault>> table = new EnumMap<>(Call.class);
        for (Call call : Call.values()) {
            List<Fault> faults = new ArrayList<>(List.of(NONE, once(When.CRASH_BEFORE, Answer.NONE)));
            if (call.toManager()) {
                manager(faults, alphabet);
            } else if (call == Call.CLOSE) {
                faults.add(once(When.AFTER, Answer.BUG));
            } else {
                target(call, faults, alphabet);
            }
            table.put(call, List.copyOf(faults));
        }
        return table;
    }

    private static void manager(List<Fault> faults, Alphabet alphabet) {
        faults.add(once(When.CRASH_AFTER, Answer.NONE));
        faults.add(once(When.AFTER, Answer.UNCLEAR));
        faults.add(once(When.BEFORE, Answer.UNCLEAR));
        faults.add(once(When.BEFORE, Answer.REFUSED));
        if (alphabet == Alphabet.FULL) {
            faults.add(always(When.AFTER, Answer.UNCLEAR));
            faults.add(once(When.BEFORE, Answer.FORBIDDEN));
            faults.add(once(When.BEFORE, Answer.THROTTLED));
            faults.add(once(When.AFTER, Answer.GARBAGE));
            faults.add(always(When.BEFORE, Answer.UNCLEAR));
            faults.add(always(When.BEFORE, Answer.THROTTLED));
        }
    }

    private static void target(Call call, List<Fault> faults, Alphabet alphabet) {
        List<Kind> kinds = alphabet == Alphabet.FULL ? List.of(Kind.values())
                : call == Call.CHANGE ? List.of(Kind.UNKNOWN, Kind.VALUE_REFUSED, Kind.FORBIDDEN)
                : call == Call.OPEN ? List.of(Kind.REJECTED, Kind.UNREACHABLE, Kind.LOCKED) : List.of(Kind.FORBIDDEN);
        kinds.forEach(kind -> faults.add(once(When.BEFORE, kind)));
        if (call == Call.OPEN) {
            faults.add(always(When.BEFORE, Kind.UNREACHABLE));
        }
        if (call == Call.CHANGE) {
            faults.add(once(When.CRASH_AFTER, Answer.NONE));
            faults.add(once(When.AFTER, Kind.UNKNOWN));
            for (int lands : alphabet == Alphabet.FULL ? new int[] {1, 2, 3, 4, 6, AT_THE_LIMIT} : new int[] {2, AT_THE_LIMIT}) {
                faults.add(new Fault(When.LATE, Kind.UNKNOWN, lands, false));
                faults.add(new Fault(When.CRASH_LATE, Answer.NONE, lands, false));
            }
        }
        if (alphabet == Alphabet.FULL) {
            faults.add(once(When.BEFORE, Answer.BUG));
            if (call == Call.OPEN) {
                faults.add(always(When.BEFORE, Kind.UNKNOWN));
                faults.add(always(When.BEFORE, Kind.LOCKED));
            }
            if (call == Call.CHANGE) {
                faults.add(once(When.AFTER, Answer.BUG));
                // A client that lost the connection may not know better; a client that repeats by itself misses its own hit.
                faults.add(once(When.AFTER, Kind.UNREACHABLE));
                faults.add(once(When.AFTER, Kind.CONFLICT));
                faults.add(always(When.BEFORE, Kind.UNREACHABLE));
                faults.add(always(When.BEFORE, Kind.UNKNOWN));
                faults.add(always(When.BEFORE, Kind.VALUE_REFUSED));
                faults.add(always(When.AFTER, Kind.UNKNOWN));
            }
        }
    }

    private static Fault once(When when, Enum<?> answer) {
        return new Fault(when, answer, 0, false);
    }

    private static Fault always(When when, Enum<?> answer) {
        return new Fault(when, answer, 0, true);
    }

    @Override
    public String toString() {
        return when + (answer == Answer.NONE ? "" : " " + answer) + (lands == 0 ? "" : " lands +" + lands) + (forever ? " from now on" : "");
    }
}
