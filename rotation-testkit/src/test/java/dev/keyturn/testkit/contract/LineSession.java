package dev.keyturn.testkit.contract;

import static dev.keyturn.testkit.contract.LineSyntax.quoted;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.Survey;
import dev.keyturn.api.TargetContext;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TargetSession;
import java.io.IOException;

/** A session of the plugin that is right. */
class LineSession implements TargetSession {

    final Line line;
    final Credential credential;
    private final TargetContext context;
    private final String identity;

    LineSession(LineTarget.Login login) {
        this.line = login.line();
        this.credential = login.credential();
        this.context = login.context();
        this.identity = login.identity();
    }

    @Override
    public String identity() {
        return identity;
    }

    @Override
    public Survey survey(Credential account) throws TargetException {
        line.within(context.statementMillis());
        try {
            String answer = accepted(line.ask("CAN " + quoted(account.user())));
            return answer.equals("OK overlap") ? Survey.empty().withOverlap() : Survey.empty();
        } catch (IOException e) {
            throw new TargetException(Kind.UNREACHABLE, "no answer to a question (" + e.getClass().getSimpleName() + ")");
        }
    }

    @Override
    public void change(Change change) throws TargetException {
        String statement = change.finishes() ? retirement(change) : statement(change) + "; " + retirement(change);
        if (!statement.isEmpty()) {
            send(statement);
        }
    }

    String statement(Change change) throws TargetException {
        return (change.keepFrom() ? "ADD " : "SET ") + quoted(change.to().password()) + " FOR " + quoted(change.to().user())
                + (change.from().isPresent() ? " FROM " + quoted(change.from().get().password()) : "");
    }

    /** Of a value that is no longer needed; empty if there is none. */
    String retirement(Change change) throws TargetException {
        return change.retired().isEmpty() ? "" : "DEL " + quoted(change.retired().get().password()) + " FOR " + quoted(change.to().user());
    }

    void send(String statement) throws TargetException {
        line.within(context.replyMillis());
        try {
            accepted(line.ask(statement));
        } catch (IOException e) {
            throw unanswered(e);
        }
    }

    TargetException unanswered(IOException e) {
        return new TargetException(Kind.UNKNOWN, "no answer to the change (" + e.getClass().getSimpleName() + ")");
    }

    String accepted(String answer) throws TargetException {
        Kind kind = switch (answer) {
            case "ERR STALE", "ERR LAST" -> Kind.CONFLICT;
            case "ERR VALUE" -> Kind.VALUE_REFUSED;
            case "ERR DENIED" -> Kind.FORBIDDEN;
            default -> Kind.MISCONFIGURED;
        };
        if (!answer.startsWith("OK")) {
            throw new TargetException(kind, "the server refused (" + answer + ")");
        }
        return answer;
    }

    @Override
    public void close() {
        LineTarget.quietly(line);
    }
}
