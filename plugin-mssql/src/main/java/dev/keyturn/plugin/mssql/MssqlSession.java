package dev.keyturn.plugin.mssql;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.Survey;
import dev.keyturn.api.TargetContext;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TargetSession;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One connection, logged in. */
final class MssqlSession implements TargetSession {

    private final Connection connection;
    private final TargetContext context;
    private final String user;
    private final MssqlQuestions ask;
    private final MssqlAccount self;
    private @Nullable MssqlAccount other;

    /** Asks who logged in, and sets the server's own limit for waiting. */
    MssqlSession(Connection connection, Credential credential, TargetContext context) throws SQLException, TargetException {
        this.connection = connection;
        this.context = context;
        this.user = credential.user();
        this.ask = new MssqlQuestions(connection);
        this.self = ask.whoAmI(context.statementMillis());
    }

    @Override
    public String identity() {
        return self.name() + "@" + self.place();
    }

    @Override
    public Survey survey(Credential account) throws TargetException {
        try {
            boolean own = isOwn(account);
            MssqlSurvey asked = MssqlSurvey.ask(ask, target(account), own, Math.min(1_000, context.statementMillis()));
            Survey survey = own ? asked.rights() : asked.asAdministrator(unlock());
            if (!context.tls().encrypted()) {
                survey = survey.withWarning("options.tls is off: the new password crosses the network in clear text");
            }
            return asked.lock(asked.server(survey));
        } catch (SQLException e) {
            throw MssqlErrors.atQuestion(e, "surveying the account");
        }
    }

    @Override
    public void change(Change change) throws TargetException {
        if (change.finishes()) {
            return; // a change takes effect in one piece: a killed run leaves nothing to finish
        }
        Credential to = change.to();
        Optional<String> refusal = MssqlTarget.RULES.refusal(to.password());
        if (refusal.isPresent()) {
            throw new TargetException(Kind.VALUE_REFUSED, "SQL Server cannot hold the new value: " + refusal.get());
        }
        boolean own = isOwn(to);
        if (change.keepFrom() || own && change.from().isEmpty()) {
            throw new TargetException(Kind.MISCONFIGURED, "a SQL Server account has one password, and changes its own with"
                    + " the old one only");
        }
        String sql;
        Statement statement;
        try {
            MssqlAccount account = target(to);
            sql = own ? account.alter(to.password(), change.from().orElseThrow().password(), false)
                    : account.alter(to.password(), null, unlock());
            if (account.rewritten(sql)) {
                throw new TargetException(Kind.VALUE_REFUSED, "the SQL Server driver would alter this value on its way");
            }
            statement = connection.createStatement();
            statement.setQueryTimeout(Math.max(1, context.statementMillis() / 1_000));
        } catch (SQLException e) {
            throw MssqlErrors.atQuestion(e, "preparing the change");
        }
        try {
            // As text, and alone in its batch: that is how the server hides the values in its traces and audits.
            statement.execute(sql);
            while (statement.getMoreResults() || statement.getUpdateCount() != -1) {
                continue; // a DDL trigger may answer first and refuse later
            }
        } catch (SQLException e) {
            throw MssqlErrors.atChange(e, own);
        }
        // The statement is not closed here, which can fail after the change succeeded. It goes with the connection.
    }

    @Override
    public void close() {
        close(connection);
    }

    static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            // Gone already, which is what was wanted.
        }
    }

    private boolean unlock() {
        return context.option(MssqlTarget.UNLOCK).orElse("false").equals("true");
    }

    private boolean isOwn(Credential account) throws TargetException {
        return account.user().equals(user);
    }

    private MssqlAccount target(Credential account) throws TargetException, SQLException {
        if (isOwn(account)) {
            return self;
        }
        if (other == null) {
            other = ask.account(account);
        }
        return other;
    }
}
