package dev.keyturn.engine.rotation;

import dev.keyturn.api.PasswordRules;
import dev.keyturn.api.TlsSettings;
import dev.keyturn.engine.ErrorCode;
import dev.keyturn.engine.Failure;
import dev.keyturn.engine.Redactor;
import dev.keyturn.engine.Step;
import dev.keyturn.engine.secretmanager.Reply;
import dev.keyturn.engine.secretmanager.SecretChain;
import dev.keyturn.engine.secretmanager.SecretManager;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongFunction;
import tools.jackson.databind.node.ObjectNode;

/**
 * A rotation's preflight without a rotation: the same accounts, the same logins in the same order within the same budget (R6), the
 * same survey. Ends where a rotation would end. Changes nothing: of Secret Manager it is only given what reads the chain, and of a
 * session it only calls the survey, whose lock goes when the session is closed.
 */
public final class Check {

    private final LongFunction<Reply> read;
    private final Redactor redactor;
    private final Progress progress;
    private final Ticker ticker;

    /**
     * A check's surroundings.
     *
     * @param read tells the chain and the rotating keys, within so many milliseconds
     * @param redactor learns the secret's values during the check
     * @param progress watches
     * @param ticker the time
     */
    public Check(LongFunction<Reply> read, Redactor redactor, Progress progress, Ticker ticker) {
        this.read = read;
        this.redactor = redactor;
        this.progress = progress;
        this.ticker = ticker;
    }

    /**
     * Checks. Blocks at most about the request's time; never throws for what Secret Manager, a target or a plugin did.
     *
     * @param request what a rotation would be asked to do; its secret and job may be empty
     * @return what was found
     */
    public CheckReport run(RotationRequest request) {
        String name = "check" + (request.secretId().isEmpty() ? "" : " of secret " + request.secretId());
        Journal journal = new Journal(name, redactor, progress, ticker);
        Job job = new Job(request, new ReadOnly(read), new Deadline(ticker, request.timeoutMillis()), journal, redactor, new SecureRandom());
        request.warnings().forEach(journal::warn);
        Set<Account> surveyed = new HashSet<>();
        List<String> wouldDo = new ArrayList<>();
        Optional<RotationReport.Error> error = Optional.empty();
        try (job) {
            wouldDo.addAll(check(job, surveyed));
        } catch (Failure failure) {
            error = Optional.of(new RotationReport.Error(failure.code(), failure.step(), journal.clean(failure.text()), journal.clean(failure.fix())));
        } catch (RuntimeException | LinkageError e) {
            StackTraceElement[] trace = e.getStackTrace();
            error = Optional.of(new RotationReport.Error(ErrorCode.INTERNAL, Step.PREFLIGHT, "a mistake in Keyturn: " + e.getClass().getName()
                    + (trace.length == 0 ? "" : " at " + trace[0]), ErrorCode.INTERNAL.fix()));
        }
        List<CheckReport.Finding> findings = job.accounts.stream().map(account -> finding(account, surveyed.contains(account))).toList();
        for (CheckReport.Finding finding : findings) {
            finding.stages().forEach((stage, standing) -> journal.note(finding.label() + ", " + stage.label() + ": " + standing));
        }
        wouldDo.forEach(line -> journal.note("a rotation would do this: " + line));
        journal.verdict(error.isEmpty(), error.map(why -> why.code().id() + ", a rotation would end at " + why.step().label() + ": " + why.message()
                + ". Fix: " + why.fix()).orElse("nothing speaks against a rotation; nothing was changed"));
        return new CheckReport(request.secretId(), findings, wouldDo.stream().map(journal::clean).toList(), journal.warnings(), error);
    }

    private static List<String> check(Job job, Set<Account> surveyed) throws Failure {
        long since = job.journal.now();
        Job.Outcome outcome = job.ask(job.manager::read, 6);
        if (!(outcome.last() instanceof Reply.Success success)) {
            throw new Failure(ErrorCode.CHAIN_NOT_READ, Step.START, "Secret Manager did not tell the chain: " + outcome.what());
        }
        SecretChain chain = SecretChain.of(success.data());
        job.accounts = Started.accounts(job, chain);
        job.journal.step(Step.START, "the chain was read: " + chain.forms() + "; rotating keys " + chain.rotatingKeys(), since);
        for (Account account : job.accounts) {
            check(job, account);
            surveyed.add(account);
        }
        checkSize(job, chain);
        return new Outlook(chain, job.accounts, job.request).lines();
    }

    private static void check(Job job, Account account) throws Failure {
        long since = job.journal.now();
        if (!account.target.tls().verified()) {
            job.journal.warn(account.label + ": options.tls is \"" + tls(account.target.tls()) + "\": anybody on the way can "
                    + (account.target.tls().encrypted() ? "pass for the server" : "read along"));
        }
        Preflight preflight = new Preflight(account);
        preflight.findLive();
        preflight.survey();
        preflight.requireOverlap();
        preflight.tell(since, " on " + account.place() + ", a change can be made");
    }

    /** With a stand-in of the right length for each new value. */
    private static void checkSize(Job job, SecretChain chain) throws Failure {
        Map<String, String> standIns = new LinkedHashMap<>();
        for (Account account : job.accounts) {
            PasswordRules rules = account.target.plugin().target().passwordRules();
            Integer length = account.target.length();
            standIns.put(account.key, "x".repeat(length == null ? rules.length() : length));
        }
        ObjectNode document = new PendingStage(job, chain.active()).document(standIns);
        PendingStage.checkSize(document);
    }

    private CheckReport.Finding finding(Account account, boolean ready) {
        Map<Stage, String> stages = new LinkedHashMap<>();
        for (Stage stage : List.of(Stage.PENDING, Stage.ACTIVE, Stage.PREVIOUS)) {
            stages.put(stage, standing(account, stage));
        }
        return new CheckReport.Finding(redactor.clean(account.label), redactor.clean(account.place()), redactor.clean(account.user()), stages,
                tls(account.target.tls()), ready, account.target.admin().isPresent(), account.overlaps() || account.inUse != null,
                new TreeSet<>(account.survey.rights()).stream().map(redactor::clean).toList());
    }

    /** What is known of what stands in a stage of the chain, in a word or two. */
    private static String standing(Account account, Stage stage) {
        if (account.inUse != null && stage == Stage.ACTIVE) {
            return account.inUse.standing();
        }
        for (Value value : Value.values()) {
            if (account.values.stage(value).filter(stage::equals).isPresent()) {
                return standing(account, value);
            }
        }
        return "none of its own";
    }

    private static String standing(Account account, Value value) {
        if (account.values.get(value) == null) {
            return value == Value.CURRENT ? "none" : "none of its own";
        }
        return account.live == value ? "works" : account.logins.wasRefused(value) ? "refused"
                : account.logins.otherAnswer(value).map(other -> "no verdict: " + other).orElse("not tried");
    }

    private static String tls(TlsSettings settings) {
        return settings.verified() ? "verify" : settings.encrypted() ? "required" : "off";
    }

    /** All that a check may ask of Secret Manager. */
    private record ReadOnly(LongFunction<Reply> reader) implements SecretManager {

        @Override
        public Reply read(long limitMillis) {
            return reader.apply(limitMillis);
        }

        @Override
        public Reply start(long limitMillis) {
            throw mistake();
        }

        @Override
        public Reply addPending(long limitMillis) {
            throw mistake();
        }

        @Override
        public Reply updatePending(ObjectNode document, long limitMillis) {
            throw mistake();
        }

        @Override
        public Reply random(ObjectNode wish, long limitMillis) {
            throw mistake();
        }

        @Override
        public Reply complete(long limitMillis) {
            throw mistake();
        }

        @Override
        public Reply fail(long limitMillis) {
            throw mistake();
        }

        @Override
        public void close() {
        }

        private static IllegalStateException mistake() {
            return new IllegalStateException("a check only reads");
        }
    }
}
