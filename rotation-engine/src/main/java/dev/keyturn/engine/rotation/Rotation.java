package dev.keyturn.engine.rotation;

import dev.keyturn.engine.Activation;
import dev.keyturn.engine.ErrorCode;
import dev.keyturn.engine.Failure;
import dev.keyturn.engine.Redactor;
import dev.keyturn.engine.Step;
import dev.keyturn.engine.secretmanager.SecretManager;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Runs one rotation job: start, preflight, pending, change, test, complete; or the honest end of one that fails. */
public final class Rotation {

    private final SecretManager manager;
    private final Redactor redactor;
    private final Progress progress;
    private final Ticker ticker;
    private final RandomGenerator random;

    /**
     * A rotation's surroundings.
     *
     * @param manager the job's Secret Manager; not closed here
     * @param redactor learns the secret's values during the run
     * @param progress watches
     * @param ticker the time
     * @param random where new values come from: a {@link java.security.SecureRandom}
     */
    public Rotation(SecretManager manager, Redactor redactor, Progress progress, Ticker ticker, RandomGenerator random) {
        this.manager = manager;
        this.redactor = redactor;
        this.progress = progress;
        this.ticker = ticker;
        this.random = random;
    }

    /**
     * Runs the job. Blocks until it has ended, at most about the request's time; never throws for what Secret Manager, a target or a
     * plugin did.
     *
     * @param request what to do
     * @return how it ended
     */
    public RotationReport run(RotationRequest request) {
        Journal journal = new Journal(Activation.label() + request, redactor, progress, ticker);
        Job job = new Job(request, manager, new Deadline(ticker, request.timeoutMillis()), journal, redactor, random);
        request.warnings().forEach(journal::warn);
        RotationReport report;
        try (job) {
            report = run(job);
        }
        journal.verdict(report.done(), report.error()
                .map(error -> error.code().id() + " at " + error.step().label() + ", job " + report.job().name().toLowerCase(Locale.ROOT).replace('_', '-')
                        + clients(job, report) + ": " + error.message() + ". Fix: " + error.fix())
                .orElse("completed"));
        return report;
    }

    /** After a failure the first question is whether clients still get in. Where the job did not end, the message says what is known. */
    private static String clients(Job job, RotationReport report) {
        if (report.job() != RotationReport.Job.FAILED || job.accounts.isEmpty()) {
            return "";
        }
        return job.accounts.stream().allMatch(Account::activeProven) ? ", active works" : ", active is not proven to work";
    }

    private static RotationReport run(Job job) {
        try {
            Started.start(job).preflight().store().changeAndTest().complete();
            return report(job, RotationReport.Job.COMPLETED, Optional.empty());
        } catch (Failure failure) {
            return ended(job, failure);
        } catch (RuntimeException | LinkageError e) {
            StackTraceElement[] trace = e.getStackTrace();
            return ended(job, new Failure(ErrorCode.INTERNAL, Step.FAIL,
                    "a mistake in Keyturn: " + e.getClass().getName() + (trace.length == 0 ? "" : " at " + trace[0])));
        }
    }

    private static RotationReport ended(Job job, Failure failure) {
        RotationReport.Job state = new Unfinished(job).end();
        Failure named = Unfinished.named(failure, job.accounts, state);
        return report(job, state, Optional.of(new RotationReport.Error(named.code(), named.step(),
                job.journal.clean(named.text()), job.journal.clean(named.fix()))));
    }

    private static RotationReport report(Job job, RotationReport.Job state, Optional<RotationReport.Error> error) {
        Map<String, Optional<Stage>> live = new LinkedHashMap<>();
        job.accounts.forEach(account -> live.put(account.label, account.liveStage()
                // What was pending is active once the job is complete.
                .map(stage -> state == RotationReport.Job.COMPLETED && stage == Stage.PENDING ? Stage.ACTIVE : stage)));
        Map<String, Optional<Boolean>> overlap = new LinkedHashMap<>();
        job.accounts.forEach(account -> overlap.put(account.label,
                account.overlap().map(kept -> kept && state == RotationReport.Job.COMPLETED)));
        return new RotationReport(job.request.secretId(), state, job.resumed, job.journal.steps(), live, overlap, job.journal.warnings(), error);
    }
}
