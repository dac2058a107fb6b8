package dev.keyturn.engine.rotation;

import static dev.keyturn.engine.rotation.LiveValueTest.error;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TlsSettings;
import dev.keyturn.engine.ErrorCode;
import dev.keyturn.engine.Step;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** R12: where an administrator's credential goes, and when. */
class AdministratorTest {

    private final Bench bench = new Bench();

    AdministratorTest() {
        bench.accept("root", "Admin-1");
        bench.admin = admin(false, "db1");
    }

    @Test
    void r12_theAdministratorComesAfterTheAccountsOwnLogin_andMakesTheChange() {
        assertTrue(bench.run().done());
        assertEquals(List.of(), bench.toBeSurveyed, "its own login only proves active, and the administrator is asked about another");
        assertEquals(List.of("start", "open app Active", "open root Admin", "survey app", "store new1", "change app Active>new1", "open app new1", "complete"),
                bench.calls);
    }

    @Test
    void r12_hostsThatAreNotListedHearNothing() {
        for (String hosts : List.of("db2", "db1:5433", "db1:0", "")) {
            bench.calls.clear();
            bench.admin = admin(false, hosts);
            RotationReport report = bench.run();
            assertEquals(ErrorCode.ADMIN_NOT_HERE, error(report).code());
            assertEquals("password: the secret's host is db1:5432, which is none of admin.hosts [" + hosts + "]; the administrator's password was not sent",
                    error(report).message());
            assertEquals(List.of("start", "open app Active", "fail"), bench.calls);
        }
        bench.admin = admin(false, "DB1:5432");
        assertTrue(bench.run().done());
    }

    @Test
    void r12_theSecretsOwnAuthorityHelpsItsOwnCredentialOnly() {
        bench.manager.active.put("ca", "of the secret");
        bench.run();
        assertEquals(List.of("of the secret", "none", "of the secret"), bench.tls.stream().map(tls -> tls.ca().orElse("none")).toList());
        bench.tls.clear();
        bench.manager.active = Bench.document("app", "Active-1").put("ca", "of the secret");
        bench.accept("app", "Active-1");
        bench.tlsOption = TlsSettings.verify().withCa("of the options");
        bench.run();
        assertEquals(List.of("of the options", "of the options", "of the options"), bench.tls.stream().map(tls -> tls.ca().orElse("none")).toList());
    }

    @Test
    void r12_aResetNeedsItsFlag() {
        bench.accept("app", "Elsewhere-1");
        assertEquals(ErrorCode.DRIFTED, error(bench.run()).code());
        assertTrue(bench.calls.stream().noneMatch(call -> call.startsWith("open root")), bench.calls.toString());
        bench.calls.clear();
        bench.admin = admin(true, "db1");
        RotationReport report = bench.run();
        assertEquals(List.of("start", "open app Active", "open app Previous", "open root Admin", "survey app", "store new1", "change app >new1",
                "open app new1",
                "complete"), bench.calls);
        assertEquals(List.of("password: no value of the chain works; the administrator resets it, as admin.reset says"), report.warnings());
        assertEquals("password: no value works, the administrator resets on bench at db1:5432", LiveValueTest.outcome(report, Step.PREFLIGHT));
    }

    @Test
    void r4_aResetThatIsRefusedLeavesNothingToPutBack() {
        bench.admin = admin(true, "db1");
        bench.accept("app", "Elsewhere-1");
        bench.on("change", Kind.FORBIDDEN);
        RotationReport report = bench.run();
        assertEquals(List.of("change app >new1", "read", "open app Active"), bench.from("change").subList(0, 3));
        assertTrue(report.warnings().contains("password: the active value is not proven to work: REJECTED, wrong password"), report.warnings().toString());
        assertEquals(RotationReport.Job.LEFT_OPEN, report.job());
    }

    @Test
    void r4_r12_theAdministratorPutsBack_afterPendingWasAccepted() {
        bench.on("complete", BenchManager.REFUSED);
        RotationReport report = bench.run();
        assertEquals(List.of("complete", "read", "read", "open app new1", "open root Admin", "change app new1>Active", "open app Active", "fail"),
                bench.from("complete"));
        assertEquals(RotationReport.Job.FAILED, report.job());
        assertEquals(Map.of("password", Optional.of(Stage.ACTIVE)), report.live());
    }

    @Test
    void r4_anAdministratorWhoCannotComeToPutBackIsNamed() {
        bench.on("complete", BenchManager.REFUSED);
        bench.on("open root", Bench.DONE, Kind.LOCKED);
        RotationReport report = bench.run();
        assertEquals(RotationReport.Job.LEFT_OPEN, report.job());
        assertTrue(report.warnings().contains("password: the active value could not be put back: MISCONFIGURED, password: login of the administrator to"
                + " bench at"
                + " db1:5432: told to"), report.warnings().toString());
        assertEquals(Map.of("password", Optional.of(Stage.PENDING)), report.live());
    }

    @Test
    void r5_anAdministratorWhoIsRefusedIsNamed_andCostsNoMoreLogins() {
        bench.on("open root", Kind.REJECTED);
        RotationReport report = bench.run();
        assertEquals("password: login of the administrator to bench at db1:5432: told to", error(report).message());
        assertEquals(Step.PREFLIGHT, error(report).step());
        assertEquals(List.of("start", "open app Active", "open root Admin", "fail"), bench.calls);
    }

    @Test
    void r5_aRefusedValueOfAResetIsExchangedToo() {
        bench.admin = admin(true, "db1");
        bench.accept("app", "Elsewhere-1");
        bench.on("change", Kind.VALUE_REFUSED);
        assertTrue(bench.run().done());
        assertEquals(List.of("change app >new1", "open root Admin", "survey app", "store new2", "change app >new2", "open app new2", "complete"),
                bench.from("change"));
    }

    @Test
    void r4_puttingBackThatTheAdministratorMayNotIsNamed_andPendingStays() {
        bench.on("complete", BenchManager.REFUSED);
        bench.on("change app new1>Active", Kind.FORBIDDEN);
        RotationReport report = bench.run();
        assertEquals(RotationReport.Job.LEFT_OPEN, report.job());
        assertEquals(Map.of("password", Optional.of(Stage.PENDING)), report.live());
        assertEquals("change app new1>Active", bench.calls.get(bench.calls.size() - 1));
    }

    private static Optional<RotationRequest.Admin> admin(boolean reset, String hosts) {
        return Optional.of(new RotationRequest.Admin("root", "Admin-1", List.of(hosts), reset));
    }
}
