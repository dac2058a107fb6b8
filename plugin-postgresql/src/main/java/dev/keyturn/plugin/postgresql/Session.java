package dev.keyturn.plugin.postgresql;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.Survey;
import dev.keyturn.api.TargetContext;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TargetSession;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.util.PasswordUtil;

/** A session of the role's own, or of an administrator. The statement is the same for both. */
final class Session implements TargetSession {

    private final Connection connection;
    private final TargetContext context;
    private final String user;
    private final Facts facts;
    /** The session's own, if it was asked with the login. Good for one survey, which follows at once; a later one asks anew. */
    private @Nullable Role own;

    Session(Connection connection, TargetContext context, String user, Facts facts, @Nullable Role own) {
        this.connection = connection;
        this.context = context;
        this.user = user;
        this.facts = facts;
        this.own = own;
    }

    /** Role and start of the server: every role may read that, and no two servers share it. */
    @Override
    public String identity() {
        return facts.identity();
    }

    @Override
    public Survey survey(Credential account) throws TargetException {
        if (facts.standby()) {
            throw new TargetException(Kind.READ_ONLY, "the server is a standby (pg_is_in_recovery)");
        }
        boolean self = user.equals(account.user());
        Role role = self && own != null ? own : ask(account.user());
        own = null;
        Survey survey = role.judge(self, facts.version());
        return facts.readOnlyByDefault()
                ? survey.withWarning("default_transaction_read_only is on; it was switched off for this session") : survey;
    }

    private Role ask(String role) throws TargetException {
        try {
            connection.setNetworkTimeout(Runnable::run, context.replyMillis());
            try (PreparedStatement question = connection.prepareStatement(Role.QUESTION)) {
                Role.fill(question, 1, role);
                return Role.answered(question.executeQuery());
            }
        } catch (SQLException e) {
            throw Errors.atSurvey(e);
        }
    }

    @Override
    public void change(Change change) throws TargetException {
        if (change.finishes()) {
            return;
        }
        String role = change.to().user();
        String statement = statement(role, change.to().password());
        try {
            connection.setNetworkTimeout(Runnable::run, context.replyMillis());
            try (Statement sender = connection.createStatement()) {
                sender.setEscapeProcessing(false);
                sender.execute(statement);
            }
        } catch (SQLException e) {
            throw Errors.atChange(e, alive());
        }
    }

    private boolean alive() {
        try {
            return !connection.isClosed();
        } catch (SQLException e) {
            return false;
        }
    }

    /** Nothing of this is sent yet, so whatever goes wrong here is a refusal. */
    private String statement(String role, String password) throws TargetException {
        try {
            PGConnection driver = connection.unwrap(PGConnection.class);
            String verifier = facts.md5() || facts.iterations() == Facts.ITERATIONS
                    ? PasswordUtil.encodePassword(role, password.toCharArray(), facts.md5() ? "md5" : "scram-sha-256")
                    : PasswordUtil.encodeScramSha256(password.toCharArray(), facts.iterations(), salt());
            return "ALTER ROLE " + driver.escapeIdentifier(role) + " PASSWORD '" + driver.escapeLiteral(verifier) + "'";
        } catch (SQLException | RuntimeException e) {
            // The driver's preparation fails in several ways for a value of which nothing is left, such as one soft hyphen.
            throw new TargetException(Kind.VALUE_REFUSED, "no verifier can be computed for this value; nothing was sent");
        }
    }

    private static byte[] salt() {
        byte[] salt = new byte[16];
        new SecureRandom().nextBytes(salt);
        return salt;
    }

    @Override
    public void close() {
        Login.close(connection);
    }
}
