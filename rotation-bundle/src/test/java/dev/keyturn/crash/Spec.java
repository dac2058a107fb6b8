package dev.keyturn.crash;

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
        PUT_BACK("Complete is refused, and the change is put back");

        final String title;

        Scene(String title) {
            this.title = title;
        }
    }

    @Nullable Blow blow(int run) {
        return run < blows.size() ? blows.get(run) : null;
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
