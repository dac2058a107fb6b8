package dev.keyturn.plugin.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.keyturn.api.TargetException.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Replies as Redis 5.0.14, 6.0.16, 6.2.11 and 7.0.15 gave them. Those that speak of loading, of a master or a cluster that is down, of a
 * read-only replica and of the number of clients in a cluster are from the sources; no server was brought to give them.
 */
class RefusalTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "REJECTED      | WRONGPASS invalid username-password pair or user is disabled.",
        "REJECTED      | ERR invalid password",
        "FORBIDDEN     | NOPERM this user has no permissions to run the 'acl' command or its subcommand",
        "FORBIDDEN     | NOPERM this user has no permissions to run the 'acl|setuser' command",
        "MISCONFIGURED | NOAUTH Authentication required.",
        "NOT_PROVABLE  | ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?",
        "NOT_PROVABLE  | ERR Client sent AUTH, but no password is set",
        "MISCONFIGURED | ERR wrong number of arguments for 'auth' command",
        "UNREACHABLE   | ERR max number of clients reached",
        "UNREACHABLE   | ERR max number of clients + cluster connections reached",
        "UNREACHABLE   | LOADING Redis is loading the dataset in memory",
        "UNREACHABLE   | BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.",
        "UNREACHABLE   | MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
        "UNREACHABLE   | CLUSTERDOWN The cluster is down",
        "READ_ONLY     | READONLY You can't write against a read only replica.",
        "MISCONFIGURED | DENIED Redis is running in protected mode because protected mode is enabled",
        "CONFLICT      | ERR Error in ACL SETUSER modifier '!cba0': The password you are trying to remove from the user does not exist",
        "MISCONFIGURED | ERR Error in ACL SETUSER modifier '#x': The password hash must be exactly 64 characters",
        "VALUE_REFUSED | ERR Invalid argument 'xxx' for CONFIG SET 'requirepass'",
        "MISCONFIGURED | ERR unknown command `ACL`, with args beginning with: `WHOAMI`,",
        "MISCONFIGURED | ERR unknown command 'ACL', with args beginning with: 'WHOAMI'",
        "MISCONFIGURED | ERR Unknown subcommand or wrong number of arguments for 'SAVE'. Try ACL HELP.",
        "MISCONFIGURED | ERR unknown subcommand 'NOSUCH'. Try ACL HELP.",
        "MISCONFIGURED | ERR This Redis instance is not configured to use an ACL file. You may want to specify users",
        "MISCONFIGURED | ERR There was an error trying to save the ACLs. Please check the server logs for more information",
        "MISCONFIGURED | ERR The server is running without a config file",
        "MISCONFIGURED | ERR Rewriting config file: No such file or directory",
    })
    void aReplyHasOneMeaning(Kind kind, String reply) {
        Refusal refusal = Refusal.of(reply);
        assertEquals(kind, refusal.kind());
        assertEquals(true, refusal.definite());
    }

    @Test
    void aReplyOutsideTheTableIsNoDefiniteRefusal() {
        for (String reply : new String[] {"ERR upstream failure", "ERR", "", "upstream failure", "OOM command not allowed", "ERRWRONGPASS"}) {
            assertEquals(false, Refusal.of(reply).definite(), reply);
            assertEquals(Kind.MISCONFIGURED, Refusal.of(reply).kind(), reply);
        }
        assertEquals("OOM", Refusal.of("OOM command not allowed").code());
        assertEquals("error without a code", Refusal.of("hunter2").code());
    }
}
