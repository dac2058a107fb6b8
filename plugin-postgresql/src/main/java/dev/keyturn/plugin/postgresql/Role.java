package dev.keyturn.plugin.postgresql;

import dev.keyturn.api.Survey;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * What the catalogs say of a role, asked together with its lock; and what that means for a change.
 *
 * @param askedBySuperuser what the session's role is, as are the next two
 * @param connectionLimit less than 0 for none
 * @param locked whether the lock was had; null if it was not tried
 */
record Role(boolean mayLogIn, boolean expired, boolean expiresSoon, boolean superuser, boolean replication, boolean askedBySuperuser,
        boolean askedByCreator, boolean askedByAdmin, int connectionLimit, int connections, @Nullable Boolean locked, List<String> rights) {

    // "keyt" is the upper half of the lock's key; the lower is the role's number. In pg_locks: classid and objid. A session that a
    // pooler put between is somebody else's too, and gets no lock.
    static final String QUESTION = """
            SELECT r.rolcanlogin, r.rolvaliduntil <= now(), r.rolvaliduntil <= now() + interval '7 days',
              r.rolsuper, r.rolreplication, me.rolsuper, me.rolcreaterole,
              pg_has_role(me.oid, r.oid, 'MEMBER WITH ADMIN OPTION'), r.rolconnlimit,
              (SELECT count(*) FROM pg_stat_get_activity(NULL) WHERE usesysid = r.oid AND backend_type = 'client backend'),
              CASE WHEN pg_backend_pid() = ? THEN pg_try_advisory_lock((x'6b657974'::bigint << 32) | r.oid::bigint) END,
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

    /** Fills the question in, from that parameter on. */
    static void fill(PreparedStatement question, int first, String role) throws SQLException {
        question.setInt(first, question.getConnection().unwrap(PGConnection.class).getBackendPID());
        question.setString(first + 1, role);
    }

    static Role answered(ResultSet found) throws SQLException, TargetException {
        if (!found.next()) {
            throw Errors.noRole();
        }
        return new Role(found.getBoolean(1), found.getBoolean(2), found.getBoolean(3), found.getBoolean(4), found.getBoolean(5), found.getBoolean(6),
                found.getBoolean(7), found.getBoolean(8), found.getInt(9), found.getInt(10), (Boolean) found.getObject(11),
                List.of((String[]) found.getArray(12).getArray()));
    }

    /** Whether a change can succeed, and be proven. */
    Survey judge(boolean self, int version) throws TargetException {
        if (locked == null) {
            throw Errors.pooler("a question was answered by a pooler, not by the server");
        }
        // Until 15 even its own password is beyond a role with REPLICATION.
        boolean guarded = superuser || version < 16 && replication;
        boolean allowed = self || askedByCreator && (version < 16 || askedByAdmin);
        if (!askedBySuperuser && (guarded || !allowed)) {
            throw new TargetException(Kind.FORBIDDEN, "the session's role may not change this role's password",
                    guarded ? "superusers, and up to PostgreSQL 15 roles with REPLICATION, are changed by a superuser only"
                            : version < 16 ? "grant the administrator CREATEROLE"
                            : "grant the administrator CREATEROLE, and the role to the administrator WITH ADMIN OPTION");
        }
        if (!mayLogIn) {
            throw new TargetException(Kind.LOCKED, "the role may not log in (NOLOGIN), so no value could be proven");
        }
        if (expired) {
            throw new TargetException(Kind.LOCKED, "the role's VALID UNTIL has passed, so no password of it works",
                    "have an administrator set a later VALID UNTIL");
        }
        if (!superuser && connectionLimit >= 0 && connections >= connectionLimit) {
            throw new TargetException(Kind.UNREACHABLE, "all " + connectionLimit + " connections that the role may have at a time are in use,"
                    + " so the new value could not be tried", "raise the role's CONNECTION LIMIT by one at least");
        }
        if (!locked) {
            throw new TargetException(Kind.CONFLICT, "another run holds the lock of this role (advisory lock, classid 1801812340)",
                    "wait until it has ended; pg_locks tells whose session it is");
        }
        Survey survey = Survey.empty().withRights(rights);
        return expiresSoon ? survey.withWarning("the role's VALID UNTIL passes within seven days; its password stops working then") : survey;
    }
}
