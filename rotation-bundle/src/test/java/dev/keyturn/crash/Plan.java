package dev.keyturn.crash;

import dev.keyturn.crash.Blow.Kind;
import dev.keyturn.crash.Blow.Moment;
import dev.keyturn.crash.Spec.Scene;
import dev.keyturn.testkit.Operation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Which cases are played, from what an undisturbed run of each beginning was seen to do. */
final class Plan {

    /** How many cases the long form has at least. */
    private static final int LEAST = 1_000;
    /** How many of them, at least, are of two kills. */
    private static final int PAIRS = 100;
    private static final List<Kind> ANSWERS = List.of(Kind.LOST, Kind.S500, Kind.S503, Kind.S504, Kind.S429, Kind.GARBAGE, Kind.DELAYED);

    private Plan() {
    }

    /** The boundaries of one run: before and after each call, and before, during and after each message to the target. */
    static List<Blow> kills(CrashCase.Seen seen) {
        List<Blow> blows = new ArrayList<>();
        numbered(seen).forEach((call, count) -> {
            for (int nth = 1; nth <= count; nth++) {
                blows.add(Blow.atCall(call, nth, Moment.BEFORE, Kind.KILL));
                blows.add(Blow.atCall(call, nth, Moment.AFTER, Kind.KILL));
            }
        });
        for (Moment moment : Moment.values()) {
            blows.addAll(each(seen, moment, Kind.KILL));
        }
        return blows;
    }

    /** The same at each message to the target: those of the first connection in their order, then those of the next. */
    private static List<Blow> each(CrashCase.Seen seen, Moment moment, Kind kind) {
        List<Blow> blows = new ArrayList<>();
        for (int connection = 1; connection <= seen.messages().size(); connection++) {
            for (int message = 1; message <= seen.messages().get(connection - 1); message++) {
                blows.add(Blow.atMessage(connection, message, moment, kind));
            }
        }
        return blows;
    }

    private static Map<Operation, Integer> numbered(CrashCase.Seen seen) {
        Map<Operation, Integer> counts = new LinkedHashMap<>();
        seen.calls().forEach(call -> counts.merge(call, 1, Integer::sum));
        return counts;
    }

    /** What else can become of a call or a message. */
    static List<Blow> faults(CrashCase.Seen seen) {
        List<Blow> blows = new ArrayList<>();
        for (Operation call : numbered(seen).keySet()) {
            for (Kind kind : ANSWERS) {
                for (int nth = 0; nth <= 1; nth++) {
                    blows.add(Blow.atCall(call, nth, Moment.BEFORE, kind));
                    // A gateway that throttles has not passed the call on, so 429 comes before the effect only.
                    if (kind != Kind.S429) {
                        blows.add(Blow.atCall(call, nth, Moment.AFTER, kind));
                    }
                }
            }
        }
        for (Kind kind : List.of(Kind.LOST, Kind.DELAYED, Kind.DOWN)) {
            blows.addAll(each(seen, Moment.BEFORE, kind));
            blows.addAll(each(seen, Moment.AFTER, kind));
        }
        return blows;
    }

    /** The long form: everything that can happen to a first run, and then runs that are killed and killed again when they are run again. */
    static List<Spec> longForm(Map<Spec, CrashCase.Seen> seen, Random random) {
        List<Spec> specs = single(seen);
        List<Spec> beginnings = List.copyOf(seen.keySet());
        for (int pairs = Math.max(PAIRS, LEAST - specs.size()); pairs > 0; pairs--) {
            Spec beginning = beginnings.get(random.nextInt(beginnings.size()));
            Spec resumed = Spec.of(beginning.scene().turns() ? Scene.TURNS_RESUMED : Scene.PENDING_LIVE, beginning.dropped(),
                    beginning.scene().turns() || !beginning.dropped());
            specs.add(beginning.with(any(kills(beginning, seen), random), any(kills(resumed, seen), random)));
        }
        Collections.shuffle(specs, random);
        return specs;
    }

    private static Blow any(List<Blow> blows, Random random) {
        return blows.get(random.nextInt(blows.size()));
    }

    /**
     * Every kill at every beginning, and every fault: in the ordinary rotation, with one account and with two, and on the way back. Where
     * pending is dropped a single password is the harder case, where it is kept two are.
     */
    private static List<Spec> single(Map<Spec, CrashCase.Seen> seen) {
        List<Spec> specs = new ArrayList<>();
        // Moments that are one and the same are played apart at one beginning of each scene only.
        seen.forEach((beginning, run) -> kills(beginning, seen).stream().filter(blow -> isFirst(beginning) || isNew(blow, run))
                .forEach(blow -> specs.add(beginning.with(blow))));
        Spec kept = Spec.of(Scene.ORDINARY, false, true);
        faults(seen.get(kept)).stream().filter(blow -> !blow.atTarget()).forEach(blow -> specs.add(kept.with(blow)));
        for (boolean turns : new boolean[] {false, true}) {
            Spec ordinary = Spec.of(turns ? Scene.TURNS : Scene.ORDINARY, true, turns);
            Spec putBack = Spec.of(turns ? Scene.TURNS_PUT_BACK : Scene.PUT_BACK, true, turns);
            CrashCase.Seen forth = seen.get(ordinary);
            faults(forth).forEach(blow -> specs.add(ordinary.with(blow)));
            // Up to complete it is the ordinary rotation, with nothing new in it.
            faults(seen.get(putBack)).stream().filter(blow -> blow.atTarget() ? !forth.has(blow)
                    : blow.call() == Operation.FAIL || blow.call() == Operation.GET_VALUES).forEach(blow -> specs.add(putBack.with(blow)));
        }
        return specs;
    }

    /** Whether it is the first beginning of its scene. */
    private static boolean isFirst(Spec beginning) {
        return beginning.dropped() && beginning.overlap() == beginning.scene().turns();
    }

    /** A complete that is refused has no effect to come after. */
    private static List<Blow> kills(Spec beginning, Map<Spec, CrashCase.Seen> seen) {
        return kills(seen.get(beginning)).stream().filter(blow -> !beginning.scene().putsBack() || blow.call() != Operation.COMPLETE
                || blow.moment() == Moment.BEFORE).toList();
    }

    /**
     * The moment after a message's reply is the moment before what comes next in its connection, seen from the server. After the last
     * one nothing comes there, but other connections may go on.
     */
    private static boolean isNew(Blow blow, CrashCase.Seen seen) {
        return !blow.atTarget() || blow.moment() != Moment.AFTER || blow.nth() == seen.messages().get(blow.connection() - 1);
    }

    /**
     * The short form: every boundary of an ordinary rotation once, and of the rest a few. Mostly with one password and where the platform drops
     * pending, which is the harsher reading; the kills while a message is on its way with two passwords, where the target has that, and pending kept.
     *
     * @param ordinary what an ordinary rotation does
     * @param turns what one does with two accounts
     * @param overlaps whether the target has two passwords
     */
    static List<Spec> shortForm(CrashCase.Seen ordinary, CrashCase.Seen turns, boolean overlaps) {
        List<Blow> blows = new ArrayList<>();
        kills(ordinary).stream().filter(blow -> isNew(blow, ordinary)).forEach(blows::add);
        for (Operation call : numbered(ordinary).keySet()) {
            blows.add(Blow.atCall(call, 1, Moment.AFTER, Kind.LOST));
            blows.add(Blow.atCall(call, 1, Moment.BEFORE, Kind.S503));
            blows.add(Blow.atCall(call, 1, Moment.AFTER, Kind.GARBAGE));
        }
        blows.add(Blow.atCall(Operation.COMPLETE, 0, Moment.BEFORE, Kind.S503));
        List<Blow> lost = each(ordinary, Moment.AFTER, Kind.LOST);
        blows.add(lost.get(lost.size() / 2 - 1));
        List<Spec> specs = new ArrayList<>();
        for (Blow blow : blows) {
            boolean two = blow.moment() == Moment.DURING;
            specs.add(Spec.of(Scene.ORDINARY, !two, two).with(blow));
        }
        if (overlaps) {
            specs.add(Spec.of(Scene.ORDINARY, true, true).with(Blow.atCall(Operation.COMPLETE, 1, Moment.BEFORE, Kind.KILL)));
        }
        kills(turns).stream().filter(blow -> !blow.atTarget()).forEach(blow -> specs.add(Spec.of(Scene.TURNS, true, true).with(blow)));
        List<Blow> during = each(turns, Moment.DURING, Kind.KILL);
        int quarter = during.size() / 4;
        for (int nth = quarter; nth <= during.size(); nth += quarter) {
            specs.add(Spec.of(Scene.TURNS, false, true).with(during.get(nth - 1)));
        }
        return specs;
    }
}
