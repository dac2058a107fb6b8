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

/** Which cases are played, from what an undisturbed run of each scene was seen to do. */
final class Plan {

    private static final List<Kind> ANSWERS = List.of(Kind.LOST, Kind.S500, Kind.S503, Kind.S504, Kind.S429, Kind.GARBAGE, Kind.DELAYED);

    private Plan() {
    }

    /** The boundaries of one run: before and after each call, and before, during and after each message to the target. */
    static List<Blow> kills(CrashCase.Seen seen) {
        List<Blow> blows = new ArrayList<>();
        numbered(seen).forEach((call, count) -> {
            for (int nth = 1; nth <= count; nth++) {
                blows.add(new Blow(call, nth, Moment.BEFORE, Kind.KILL));
                blows.add(new Blow(call, nth, Moment.AFTER, Kind.KILL));
            }
        });
        for (int message = 1; message <= seen.messages(); message++) {
            for (Moment moment : Moment.values()) {
                blows.add(Blow.atMessage(message, moment, Kind.KILL));
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
                    blows.add(new Blow(call, nth, Moment.BEFORE, kind));
                    // A gateway that throttles has not passed the call on, so 429 comes before the effect only.
                    if (kind != Kind.S429) {
                        blows.add(new Blow(call, nth, Moment.AFTER, kind));
                    }
                }
            }
        }
        for (int message = 1; message <= seen.messages(); message++) {
            for (Kind kind : List.of(Kind.LOST, Kind.DELAYED, Kind.DOWN)) {
                blows.add(Blow.atMessage(message, Moment.BEFORE, kind));
                blows.add(Blow.atMessage(message, Moment.AFTER, kind));
            }
        }
        return blows;
    }

    /**
     * The long form: every kill in every scene under both readings of the platform, every fault in the ordinary scene and in the
     * one that puts back, and then, until there are enough, runs that are killed and killed again when they are run again.
     *
     * @param cases how many at least; if the single ones are more, as many of them, picked by chance
     */
    static List<Spec> longForm(Map<Scene, CrashCase.Seen> seen, int cases, Random random) {
        List<Spec> specs = new ArrayList<>();
        for (boolean dropped : new boolean[] {true, false}) {
            // Where pending is dropped a single password is the harder case, where it is kept two are.
            seen.forEach((scene, run) -> kills(run).stream().filter(blow -> takesPlace(scene, blow))
                    .forEach(blow -> specs.add(new Spec(scene, dropped, !dropped, List.of(blow)))));
        }
        for (Blow blow : faults(seen.get(Scene.ORDINARY))) {
            specs.add(new Spec(Scene.ORDINARY, true, false, List.of(blow)));
            if (!blow.atTarget()) {
                specs.add(new Spec(Scene.ORDINARY, false, true, List.of(blow)));
            }
        }
        // Up to complete it is the ordinary rotation, with nothing new in it.
        for (Blow blow : faults(seen.get(Scene.PUT_BACK))) {
            if (blow.atTarget() ? blow.nth() > seen.get(Scene.ORDINARY).messages()
                    : blow.call() == Operation.FAIL || blow.call() == Operation.GET_VALUES) {
                specs.add(new Spec(Scene.PUT_BACK, true, false, List.of(blow)));
            }
        }
        Scene[] scenes = Scene.values();
        while (specs.size() < cases) {
            Scene scene = scenes[random.nextInt(scenes.length)];
            List<Blow> first = kills(seen.get(scene)).stream().filter(blow -> takesPlace(scene, blow)).toList();
            List<Blow> second = kills(seen.get(Scene.PENDING_LIVE));
            specs.add(new Spec(scene, random.nextBoolean(), random.nextBoolean(),
                    List.of(first.get(random.nextInt(first.size())), second.get(random.nextInt(second.size())))));
        }
        Collections.shuffle(specs, random);
        return List.copyOf(specs.subList(0, cases));
    }

    /** A complete that is refused has no effect to come after. */
    private static boolean takesPlace(Scene scene, Blow blow) {
        return scene != Scene.PUT_BACK || blow.call() != Operation.COMPLETE || blow.moment() == Moment.BEFORE;
    }

    /**
     * The short form: every boundary once, and of the rest a few. Mostly with one password and where the platform drops pending, which is
     * the harsher reading; the kills while a message is on its way with two passwords, where the target has that, and pending kept.
     */
    static List<Spec> shortForm(CrashCase.Seen seen) {
        List<Blow> blows = new ArrayList<>();
        for (Blow blow : kills(seen)) {
            // The moment after a message's reply is the moment before the next message, seen from the server.
            if (!blow.atTarget() || blow.moment() != Moment.AFTER || blow.nth() == seen.messages()) {
                blows.add(blow);
            }
        }
        for (Operation call : numbered(seen).keySet()) {
            blows.add(new Blow(call, 1, Moment.AFTER, Kind.LOST));
            blows.add(new Blow(call, 1, Moment.BEFORE, Kind.S503));
            blows.add(new Blow(call, 1, Moment.AFTER, Kind.GARBAGE));
        }
        blows.add(new Blow(Operation.COMPLETE, 0, Moment.BEFORE, Kind.S503));
        blows.add(Blow.atMessage(seen.messages() / 2, Moment.AFTER, Kind.LOST));
        return blows.stream().map(blow -> {
            boolean two = blow.moment() == Moment.DURING;
            return new Spec(Scene.ORDINARY, !two, two, List.of(blow));
        }).toList();
    }
}
