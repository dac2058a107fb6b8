package dev.keyturn.engine.rotation;

import dev.keyturn.api.Credential;
import dev.keyturn.api.TargetContext;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TargetSession;
import dev.keyturn.api.TlsSettings;
import dev.keyturn.engine.ErrorCode;
import dev.keyturn.engine.Failure;
import dev.keyturn.engine.Step;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Logins with one account's values, and what each was answered. None that was refused is tried again to find something out (R6). */
final class Logins {

    private final Job job;
    private final RotationRequest.Target target;
    private final Values values;
    private final String label;
    private final int limitMillis;
    private final List<Credential> refused = new ArrayList<>();
    /** What else than "wrong password" a login was answered with. */
    private final Map<Value, Kind> otherAnswers = new EnumMap<>(Value.class);
    private String identity = "";
    private @Nullable EarlyLogin early;

    Logins(Job job, RotationRequest.Target target, Values values, String label, int limitMillis) {
        this.job = job;
        this.target = target;
        this.values = values;
        this.label = label;
        this.limitMillis = limitMillis;
    }

    /** One login with one of the account's values, to find out whether it works. */
    TargetSession open(Value value, int millis) throws TargetException {
        return open(value, context(tls(), millis));
    }

    /** The same, in a session that is surveyed next. */
    TargetSession openForSurvey(Value value, int millis) throws TargetException {
        return open(value, context(tls(), millis).beforeSurvey());
    }

    private TargetSession open(Value value, TargetContext context) throws TargetException {
        Credential credential = values.get(value);
        if (credential == null) {
            throw new TargetException(Kind.MISCONFIGURED, "there is no " + values.word(value) + " value");
        }
        try {
            TargetSession opened = login(credential, context);
            sameIdentity(opened);
            return opened;
        } catch (TargetException e) {
            if (e.kind() == Kind.REJECTED) {
                refused.add(credential);
            } else {
                otherAnswers.put(value, e.kind());
            }
            throw e;
        }
    }

    /** Has the login with a value that is still to be set connect as soon as the next login does. */
    void connectWithNext(Credential credential) {
        if (early == null || !early.isFor(credential)) {
            dropEarly();
            if (target.plugin().target().connectsAhead()) {
                early = new EarlyLogin(job, target.plugin(), credential, context(tls(), limitMillis));
            }
        }
    }

    /** The same, but now, if it has not begun yet: no login comes before it any more. */
    void connectNow(Credential credential) {
        connectWithNext(credential);
        if (early != null) {
            early.begin();
        }
    }

    void dropEarly() {
        if (early != null) {
            early.drop();
            early = null;
        }
    }

    private TargetSession login(Credential credential, TargetContext context) throws TargetException {
        EarlyLogin waiting = early;
        if (waiting == null || !waiting.isFor(credential)) {
            return open(credential, context, waiting);
        }
        if (waiting.isWaiting() && context.loginMillis() >= limitMillis) {
            early = null;
            return waiting.finish(context.loginMillis());
        }
        dropEarly();
        return open(credential, context, null);
    }

    /** One that is to follow connects when this one has: not before, and without waiting for what the server says to this one. */
    private TargetSession open(Credential credential, TargetContext plain, @Nullable EarlyLogin next) throws TargetException {
        TargetContext context = next == null ? plain : plain.withGate(next::begin);
        return job.plugins.call(target.plugin(), "a login", context.loginMillis(), () -> target.plugin().target().open(credential, context));
    }

    private TargetContext context(TlsSettings tls, int millis) {
        return TargetContext.of(millis, limitMillis, tls, target.options());
    }

    /** A value that another server or account accepts proves nothing. */
    private void sameIdentity(TargetSession opened) throws TargetException {
        String told = opened.identity();
        if (told == null || told.isEmpty() || told.equals(identity)) {
            return;
        }
        if (identity.isEmpty()) {
            identity = told;
            return;
        }
        job.plugins.close(target.plugin(), opened);
        throw new TargetException(Kind.NOT_PROVABLE, "the login was answered by " + told + ", an earlier one by " + identity,
                "point the secret at one server, not at a balancer or a pool");
    }

    /** R12: to the listed hosts only, with the options' TLS settings only. */
    TargetSession openAdmin(RotationRequest.Admin admin, int millis, Step step) throws Failure {
        String host = values.current().find(Credential.HOST).orElse("");
        int port = values.current().find(Credential.PORT).filter(text -> text.matches("[0-9]{1,5}")).map(Integer::parseInt).orElse(0);
        if (!admin.mayGoTo(host, port)) {
            throw new Failure(ErrorCode.ADMIN_NOT_HERE, step, label + ": the secret's host is " + host + ":" + port
                    + ", which is none of admin.hosts " + admin.hosts() + "; the administrator's password was not sent");
        }
        try {
            Credential administrator = values.current().with(Credential.USER, admin.user()).with(Credential.PASSWORD, admin.password());
            return open(administrator, context(target.tls(), millis), null);
        } catch (TargetException e) {
            throw Failure.of(step, label + ": login of the administrator to " + place(), e);
        }
    }

    /** The options' settings; an authority of the secret's own helps only its own credential. */
    private TlsSettings tls() {
        Optional<String> own = values.current().find("ca").filter(pem -> target.tls().ca().isEmpty());
        return own.map(target.tls()::withCa).orElse(target.tls());
    }

    boolean wasRefused(Value value) {
        Credential credential = values.get(value);
        return credential != null && refused.stream().anyMatch(credential::sameLogin);
    }

    int refusedSoFar() {
        return refused.size();
    }

    /** What the last login with a value was answered, if it was neither accepted nor refused. */
    Optional<Kind> otherAnswer(Value value) {
        return Optional.ofNullable(otherAnswers.get(value));
    }

    /** Who was logged in, and where, as the server told it; empty where it does not. */
    String identity() {
        return identity;
    }

    String place() {
        return target.plugin().type() + values.current().find(Credential.HOST).map(host -> " at " + host).orElse("")
                + values.current().find(Credential.PORT).map(port -> ":" + port).orElse("");
    }
}
