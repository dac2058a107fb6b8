package dev.keyturn.engine.rotation;

import dev.keyturn.engine.Step;

/** Watches a run. Called by the run's own thread; must not block for long. No text holds a secret. */
public interface Progress {

    /** Watches nothing. */
    Progress NONE = new Progress() {
        @Override
        public void step(Step step, String outcome, long millis) {
        }

        @Override
        public void note(String line) {
        }
    };

    /**
     * A step ended well.
     *
     * @param step which
     * @param outcome what came of it
     * @param millis how long it took
     */
    void step(Step step, String outcome, long millis);

    /**
     * Something else happened.
     *
     * @param line a line for people
     */
    void note(String line);
}
