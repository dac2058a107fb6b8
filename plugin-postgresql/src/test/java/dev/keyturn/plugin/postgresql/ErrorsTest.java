package dev.keyturn.plugin.postgresql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.api.TargetException.Kind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole table, with what the server and the driver were seen to say. Most rows are also made to happen in the other tests. */
class ErrorsTest {

    @ParameterizedTest
    @CsvSource({
        "28P01, auth_failed, REJECTED",
        "28000, ClientAuthentication, MISCONFIGURED",
        "28000, InitializeSessionUserId, LOCKED",
        "42501, CheckMyDatabase, MISCONFIGURED",
        "55000, CheckMyDatabase, MISCONFIGURED",
        "3D000, InitPostgres, MISCONFIGURED",
        "53300, InitProcess, UNREACHABLE",
        "53200, AllocSetAlloc, UNREACHABLE",
        "57P01, ProcessInterrupts, UNREACHABLE",
        "57P02, quickdie, UNREACHABLE",
        "57P03, ProcessStartupPacket, UNREACHABLE",
        "08P01, '', NOT_PROVABLE",
        "28P01, '', NOT_PROVABLE",
        "28000, '', NOT_PROVABLE",
        "3D000, '', NOT_PROVABLE",
        "53300, '', UNREACHABLE",
        "08P01, ProcessStartupPacket, MISCONFIGURED",
        "22023, set_config_option, MISCONFIGURED",
        "XX000, elog, MISCONFIGURED",
    })
    void ofALoginThatTheServerRefused(String state, String routine, Kind kind) {
        var e = Errors.byServer(state, routine);
        assertEquals(kind, e.kind());
        assertTrue(e.getMessage().contains(state));
    }

    @ParameterizedTest
    @CsvSource({
        "08001, false, UNREACHABLE",
        "08003, false, UNREACHABLE",
        "08006, false, UNREACHABLE",
        "08004, true, NOT_PROVABLE",
        "08004, false, MISCONFIGURED",
        "08P01, false, MISCONFIGURED",
        "99999, false, MISCONFIGURED",
        "null, false, MISCONFIGURED",
    })
    void ofALoginThatTheDriverBrokeOff(String state, boolean requireAuth, Kind kind) {
        var e = Errors.byDriver(state, requireAuth, null);
        assertEquals(kind, e.kind());
        assertTrue(e.getMessage().contains(state));
    }

    @ParameterizedTest
    @CsvSource({
        "08006, false, UNREACHABLE",
        "57014, true, UNREACHABLE",
        "57P01, true, UNREACHABLE",
        "42501, true, FORBIDDEN",
        "42883, true, MISCONFIGURED",
    })
    void ofASurvey(String state, boolean byServer, Kind kind) {
        var e = Errors.atSurvey(state, byServer);
        assertEquals(kind, e.kind());
        assertTrue(e.getMessage().contains(state));
    }

    @ParameterizedTest
    @CsvSource({
        "25006, READ_ONLY",
        "42501, FORBIDDEN",
        "0A000, FORBIDDEN",
        "42704, MISCONFIGURED",
        "42601, MISCONFIGURED",
        "55P03, CONFLICT",
        "40001, CONFLICT",
        "40P01, CONFLICT",
        "XX000, CONFLICT",
        "22023, VALUE_REFUSED",
        "P0001, VALUE_REFUSED",
        "28000, VALUE_REFUSED",
        "28P01, VALUE_REFUSED",
        "57014, UNREACHABLE",
        "53100, UNREACHABLE",
        "53200, UNREACHABLE",
    })
    void ofAChangeThatTheServerTookBack(String state, Kind kind) {
        assertEquals(kind, Errors.atChange(state, true).kind());
    }

    @ParameterizedTest
    @CsvSource({"08006", "57P01", "57P02", "53100", "25006", "42501", "99999"})
    void ofAChangeWithoutADefiniteAnswer(String state) {
        assertEquals(Kind.UNKNOWN, Errors.atChange(state, false).kind());
    }
}
