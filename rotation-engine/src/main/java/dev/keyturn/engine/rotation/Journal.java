package dev.keyturn.engine.rotation;

import dev.keyturn.engine.Redactor;
import dev.keyturn.engine.Step;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;

/** What happened in a run, line by line: to the log, to whoever watches, and into the report. Every text is cleaned of secrets. */
final class Journal {

    private static final Logger LOG = System.getLogger("dev.keyturn");

    private final String job;
    private final Redactor redactor;
    private final Progress progress;
    private final Ticker ticker;
    private final long begin;
    private final List<RotationReport.StepTime> steps = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    Journal(String job, Redactor redactor, Progress progress, Ticker ticker) {
        this.job = job;
        this.redactor = redactor;
        this.progress = progress;
        this.ticker = ticker;
        this.begin = ticker.millis();
    }

    long now() {
        return ticker.millis();
    }

    /** A step that ended well, begun at that time. */
    void step(Step step, String outcome, long since) {
        long millis = ticker.millis() - since;
        String clean = redactor.clean(outcome);
        steps.add(new RotationReport.StepTime(step, clean, millis));
        log(Level.INFO, step.label() + ": " + clean + ", " + millis + " ms");
        progress.step(step, clean, millis);
    }

    /** Something that an operator should know. */
    void warn(String warning) {
        String clean = redactor.clean(warning);
        warnings.add(clean);
        log(Level.WARNING, clean);
        progress.note("warning: " + clean);
    }

    /** Something for whoever looks closely. */
    void note(String note) {
        String clean = redactor.clean(note);
        log(Level.INFO, clean);
        progress.note(clean);
    }

    /** The last line of a run. */
    void verdict(boolean done, String verdict) {
        String line = redactor.clean(verdict) + ", " + (ticker.millis() - begin) + " ms in all";
        log(done ? Level.INFO : Level.ERROR, line);
        progress.note(line);
    }

    List<RotationReport.StepTime> steps() {
        return List.copyOf(steps);
    }

    List<String> warnings() {
        return List.copyOf(warnings);
    }

    String clean(String text) {
        return redactor.clean(text);
    }

    private void log(Level level, String line) {
        LOG.log(level, () -> job + ": " + line);
    }
}
