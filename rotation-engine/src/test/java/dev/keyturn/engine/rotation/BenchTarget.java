package dev.keyturn.engine.rotation;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.PasswordRules;
import dev.keyturn.api.RotationTarget;
import dev.keyturn.api.Survey;
import dev.keyturn.api.TargetContext;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TargetSchema;
import dev.keyturn.api.TargetSchema.Field;
import dev.keyturn.api.TargetSession;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The plugin of a {@link Bench}, and the server behind it. */
final class BenchTarget implements RotationTarget {

    private final Bench bench;

    BenchTarget(Bench bench) {
        this.bench = bench;
    }

    @Override
    public String type() {
        return "bench";
    }

    @Override
    public TargetSchema schema() {
        return TargetSchema.of(Field.required(Credential.HOST), Field.defaulted(Credential.PORT, "1"), Field.required(Credential.USER, "username"),
                Field.required(Credential.PASSWORD), Field.optional("ca"));
    }

    @Override
    public PasswordRules passwordRules() {
        return PasswordRules.standard();
    }

    @Override
    public boolean connectsAhead() {
        return bench.ahead;
    }

    @Override
    public TargetSession open(Credential credential, TargetContext context) throws TargetException {
        String account = credential.user() + "@" + credential.host();
        String value = credential.password();
        if (bench.ahead) {
            bench.connected.add(bench.named(value));
            Bench.Connecting meets = bench.connecting.get(bench.named(value));
            if (meets != null) {
                meets.run();
            }
            context.beforePassword();
        }
        bench.tls.add(context.tls());
        bench.statementLimits.add(context.statementMillis());
        if (context.surveyFollows()) {
            bench.toBeSurveyed.add(bench.named(value));
        }
        Object answer = bench.told("open " + account.replace("@db1", "") + " " + bench.named(value));
        if (answer instanceof Kind kind) {
            throw new TargetException(kind, "told to");
        }
        if (!bench.live.getOrDefault(account, Set.of()).contains(value)) {
            throw new TargetException(Kind.REJECTED, "wrong password");
        }
        bench.open++;
        return new Session(credential.host());
    }

    private final class Session implements TargetSession {

        private final String host;
        private final @Nullable String who = bench.identity;

        Session(String host) {
            this.host = host;
        }

        private String name(Credential credential) throws TargetException {
            return (credential.user() + "@" + host).replace("@db1", "");
        }

        private Object ask(String call) throws TargetException {
            Object answer = bench.told(call);
            if (answer instanceof Kind kind) {
                throw new TargetException(kind, "told to");
            }
            return answer;
        }

        @Override
        public Survey survey(Credential account) throws TargetException {
            bench.surveyed.add(account.find(Credential.PASSWORD).map(bench::named).orElse(""));
            ask("survey " + name(account));
            return bench.surveys.getOrDefault(account.user(), Survey.empty());
        }

        @Override
        public void change(Change change) throws TargetException {
            Credential to = change.to();
            String from = change.from().isPresent() ? change.from().get().password() : "";
            Object answer = ask("change " + name(to) + " " + (from.isEmpty() ? "" : bench.named(from)) + ">" + bench.named(to.password())
                    + (change.keepFrom() ? " keeping" : "")
                    + (change.retired().isPresent() ? " retiring " + bench.named(change.retired().get().password()) : ""));
            if (!from.equals(to.password())) {
                Set<String> values = bench.live.computeIfAbsent(to.user() + "@" + host, any -> new HashSet<>());
                values.removeIf(value -> !change.keepFrom() || !value.equals(from));
                values.add(to.password());
            }
            if (change.retired().isPresent()) {
                bench.live.get(to.user() + "@" + host).remove(change.retired().get().password());
            }
            if (answer instanceof Bench.After after) {
                throw new TargetException(after.kind(), "told to");
            }
        }

        @Override
        public @Nullable String identity() {
            return who;
        }

        @Override
        public void close() {
            bench.open--;
        }
    }
}
