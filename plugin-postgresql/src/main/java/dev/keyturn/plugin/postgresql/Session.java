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
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.util.PasswordUtil;

/** A session of the role's own, or of an administrator. The statement is the same for both. */
final class Session implements TargetSession {

    /** What servers before PostgreSQL 16 use, and the driver always. */
    static final int ITERATIONS = 4096;
    /** More is neither made nor answered: it would be the caller who computes. */
    static final int MOST_ITERATIONS = 1_000_000;

    // "keyt": the upper half of the lock's key; the lower is the role's number. In pg_locks: classid and objid.
    private static final String ABOUT = """
            SELECT r.rolcanlogin, r.rolvaliduntil <= now(), r.rolvaliduntil <= now() + interval '7 days',
              r.rolsuper, r.rolreplication, me.rolsuper, me.rolcreaterole,
              pg_has_role(me.oid, r.oid, 'MEMBER WITH ADMIN OPTION'), r.rolconnlimit,
              (SELECT count(*) FROM pg_stat_activity WHERE usesysid = r.oid AND backend_type = 'client backend'),
              pg_try_advisory_lock((x'6b657974'::bigint << 32) | r.oid::bigint),
              ARRAY(
                SELECT a.name FROM (VALUES ('superuser', r.rolsuper), ('createdb', r.rolcreatedb), ('inherit', r.rolinherit),
                  ('createrole', r.rolcreaterole), ('replication', r.rolreplication), ('bypassrls', r.rolbypassrls))
                  AS a (name, yes) WHERE a.yes
                UNION ALL SELECT concat('member of ', pg_get_userbyid(m.roleid), ', ', to_jsonb(m) - 'oid' - 'member' - 'grantor' - 'roleid')
                  FROM pg_auth_members m WHERE m.member = r.oid
                UNION ALL SELECT concat(CASE d.deptype WHEN 'o' THEN 'owner of ' WHEN 'a' THEN 'grants on ' ELSE concat(d.deptype, ' of ') END,
                    (SELECT concat(n.nspname, '.', c.relname, ', ') FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                      WHERE c.oid = d.objid AND d.classid = 'pg_class'::regclass AND d.dbid = own.oid),
                    d.dbid, '/', d.classid, '/', d.objid) FROM pg_shdepend d, pg_database own
                  WHERE d.refclassid = 'pg_authid'::regclass AND d.refobjid = r.oid AND own.datname = current_database()
                UNION ALL SELECT concat_ws('/', 'setting', s.setdatabase, split_part(c, '=', 1), hashtext(c))
                  FROM pg_db_role_setting s, unnest(s.setconfig) c WHERE s.setrole = r.oid)
            FROM pg_roles r, pg_roles me WHERE r.rolname = ? AND me.rolname = session_user
            """;

    private final Connection connection;
    private final TargetContext context;
    private final int version;
    private final String user;
    private final String identity;
    private final boolean standby;
    private final boolean readOnlyByDefault;
    private final boolean md5;
    private final int iterations;

    Session(Connection connection, TargetContext context, int version, String user, String identity, boolean standby,
            boolean readOnlyByDefault, boolean md5, int iterations) {
        this.connection = connection;
        this.context = context;
        this.version = version;
        this.user = user;
        this.identity = identity;
        this.standby = standby;
        this.readOnlyByDefault = readOnlyByDefault;
        this.md5 = md5;
        this.iterations = iterations;
    }

    /** The role, and the moment at which the server was started: every role may read it, and no two servers share it. */
    @Override
    public String identity() {
        return identity;
    }

    @Override
    public Survey survey(Credential account) throws TargetException {
        if (standby) {
            throw new TargetException(Kind.READ_ONLY, "the server is a standby (pg_is_in_recovery)");
        }
        String role = account.user();
        try {
            connection.setNetworkTimeout(Runnable::run, context.replyMillis());
            try (PreparedStatement statement = connection.prepareStatement(ABOUT)) {
                statement.setString(1, role);
                try (ResultSet found = statement.executeQuery()) {
                    if (!found.next()) {
                        throw Errors.noRole();
                    }
                    return judge(found, user.equals(role));
                }
            }
        } catch (SQLException e) {
            throw Errors.atSurvey(e);
        }
    }

    private Survey judge(ResultSet found, boolean self) throws SQLException, TargetException {
        boolean superuser = found.getBoolean(6);
        // Until 15 even its own password is beyond a role with REPLICATION.
        boolean guarded = found.getBoolean(4) || version < 16 && found.getBoolean(5);
        boolean allowed = self || found.getBoolean(7) && (version < 16 || found.getBoolean(8));
        if (!superuser && (guarded || !allowed)) {
            throw new TargetException(Kind.FORBIDDEN, "the session's role may not change this role's password",
                    guarded ? "superusers, and up to PostgreSQL 15 roles with REPLICATION, are changed by a superuser only"
                            : version < 16 ? "grant the administrator CREATEROLE"
                            : "grant the administrator CREATEROLE, and the role to the administrator WITH ADMIN OPTION");
        }
        if (!found.getBoolean(1)) {
            throw new TargetException(Kind.LOCKED, "the role may not log in (NOLOGIN), so no value could be proven");
        }
        if (found.getBoolean(2)) {
            throw new TargetException(Kind.LOCKED, "the role's VALID UNTIL has passed, so no password of it works",
                    "have an administrator set a later VALID UNTIL");
        }
        int limit = found.getInt(9);
        if (!found.getBoolean(4) && limit >= 0 && found.getInt(10) >= limit) {
            throw new TargetException(Kind.UNREACHABLE, "all " + limit + " connections that the role may have at a time are in use,"
                    + " so the new value could not be tried", "raise the role's CONNECTION LIMIT by one at least");
        }
        if (!found.getBoolean(11)) {
            throw new TargetException(Kind.CONFLICT, "another run holds the lock of this role (advisory lock, classid 1801812340)",
                    "wait until it has ended; pg_locks tells whose session it is");
        }
        Survey survey = Survey.empty().withRights(List.of((String[]) found.getArray(12).getArray()));
        if (found.getBoolean(3)) {
            survey = survey.withWarning("the role's VALID UNTIL passes within seven days; its password stops working then");
        }
        if (readOnlyByDefault) {
            survey = survey.withWarning("default_transaction_read_only is on; it was switched off for this session");
        }
        return survey;
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
            String verifier = md5 || iterations == ITERATIONS
                    ? PasswordUtil.encodePassword(role, password.toCharArray(), md5 ? "md5" : "scram-sha-256")
                    : PasswordUtil.encodeScramSha256(password.toCharArray(), iterations, salt());
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
