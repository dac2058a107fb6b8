package dev.keyturn.crash;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a case is about.
 *
 * @param scene how it begins
 * @param dropped whether Secret Manager empties pending at fail and cancel; else it keeps it
 * @param overlap whether the old value may go on working where the target can hold two, which is the action's default
 * @param blows one for each run; after them comes a run that nothing disturbs
 */
record Spec(Scene scene, boolean dropped, boolean overlap, List<Blow> blows) {

    /** How a case begins. */
    enum Scene {
        ORDINARY("An ordinary rotation"),
        PENDING_NOT_LIVE("Resumed: a pending value is found, active works"),
        PENDING_LIVE("Resumed: a pending value is found and works, active does not"),
        PUT_BACK("Complete is refused, and the change is put back"),
        TURNS("Two accounts take turns"),
        TURNS_FIRST("Turns: the first rotation, the second account stands in the arguments"),
        TURNS_RESUMED("Turns, resumed: a pending value of the idle account is found and works"),
        TURNS_PUT_BACK("Turns: complete is refused, and the change is put back");

        final String title;

        Scene(String title) {
            this.title = title;
        }

        /** Whether there are two accounts. */
        boolean turns() {
            return compareTo(TURNS) >= 0;
        }

        boolean putsBack() {
            return this == PUT_BACK || this == TURNS_PUT_BACK;
        }
    }

    /** One in which nothing happens. */
    static Spec of(Scene scene, boolean dropped, boolean overlap) {
        return new Spec(scene, dropped, overlap, List.of());
    }

    /** How the cases of a target begin: every scene under both readings of the platform. */
    static List<Spec> beginnings(boolean overlaps) {
        List<Spec> all = new ArrayList<>();
        for (Scene scene : Scene.values()) {
            // With two accounts the argument has no effect.
            all.add(of(scene, true, scene.turns()));
            all.add(of(scene, false, true));
            // Here a value may be dropped that goes on working beside active.
            if (overlaps && (scene == Scene.ORDINARY || scene == Scene.PUT_BACK)) {
                all.add(of(scene, true, true));
            }
        }
        return all;
    }

    Spec with(Blow... more) {
        return new Spec(scene, dropped, overlap, List.of(more));
    }

    @Nullable Blow blow(int run) {
        return run < blows.size() ? blows.get(run) : null;
    }

    /** Whether a run waits for something that does not come. */
    boolean waits() {
        return blows.stream().anyMatch(Blow::waits);
    }

    String row() {
        if (blows.size() == 1) {
            return blows.get(0).toString();
        }
        return blows.isEmpty() ? "none | | " : "kill, and kill the re-run | any | any two";
    }

    /** All that is needed to play it again. */
    @Override
    public String toString() {
        return scene + (dropped ? ", pending dropped at fail and cancel, " : ", pending kept, ")
                + (overlap ? "overlap auto, " : "overlap off, ") + blows;
    }
}
