package dev.keyturn.engine.rotation;

import static dev.keyturn.engine.rotation.LiveValueTest.error;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.engine.ErrorCode;
import dev.keyturn.engine.Step;
import dev.keyturn.engine.secretmanager.Json;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The second of two accounts that take turns: who it is, which password it has, and who gives it its first one (R6, R12). */
class SecondAccountTest {

    private final Bench bench = TurnsStepsTest.turns();

    @Test
    void aSecondAccountMustBeNamed_andBeAnother() {
        bench.manager.previous = Bench.document("app", "Previous-1");
        assertEquals("the secret rotates the user \"user\", so two accounts take turns, and neither the previous stage nor the argument \"secondAccount\""
                + " names the other one", error(bench.run()).message());
        bench.second = Optional.of(new RotationRequest.SecondAccount("app", Optional.empty()));
        assertEquals("the secret rotates the user \"user\", so two accounts take turns, and \"secondAccount\" names the active one, app",
                error(bench.run()).message());
        bench.manager.previous = Json.object().put("user", "app2");
        assertEquals(ErrorCode.NO_SECOND_ACCOUNT, error(bench.run()).code());
        bench.manager.previous = Json.object().put("password", "Previous-1");
        assertEquals(ErrorCode.NO_SECOND_ACCOUNT, error(bench.run()).code());
    }

    @Test
    void theSecondAccountOfTheArgumentsIsUsed_asLongAsTheChainHasNone() {
        bench.manager.previous = null;
        bench.second = Optional.of(new RotationRequest.SecondAccount("app2", Optional.of("Second-1")));
        bench.accept("app2", "Second-1");
        RotationReport report = bench.run();
        assertTrue(report.done());
        assertTrue(bench.calls.contains("change app2 Second>new1"), bench.calls.toString());
        assertEquals("password: it is the turn of app2: second account's works; app stays as it is, on bench at db1:5432",
                LiveValueTest.outcome(report, Step.PREFLIGHT));
    }

    @Test
    void r6_wherePreviousIsRefusedTheSecondPasswordIsTried_onceAndOnlyForItsOwnAccount() {
        bench.second = Optional.of(new RotationRequest.SecondAccount("app2", Optional.of("Second-1")));
        bench.accept("app2", "Second-1");
        RotationReport report = bench.run();
        assertEquals(List.of("open app2 Previous", "open app2 Second", "survey app2", "store app2 new1", "change app2 Second>new1", "open app2 new1",
                "complete"),
                bench.from("open app2"));
        assertEquals(List.of("password: previous is refused, second account's works; a rotation mends that"), report.warnings());
        for (RotationRequest.SecondAccount useless : List.of(new RotationRequest.SecondAccount("app3", Optional.of("Second-1")),
                new RotationRequest.SecondAccount("app2", Optional.empty()), new RotationRequest.SecondAccount("app2", Optional.of("Previous-1")))) {
            Bench other = TurnsStepsTest.turns();
            other.second = Optional.of(useless);
            other.accept("app2", "Second-1");
            report = other.run();
            assertEquals(List.of("open app2 Previous", "fail"), other.from("open app2").stream().filter(call -> !call.equals("read")).toList());
            assertEquals("password: no value of the chain is accepted by bench at db1:5432 for the idle account app2 (tried [previous]; last answer:"
                    + " wrong password)",
                    error(report).message());
            assertEquals("clients are not affected; set the password of app2 by hand and give it in secondAccount.password, or give \"admin\" with \"reset\";"
                    + " then run the job again", error(report).fix());
        }
    }

    @Test
    void r12_anAdministratorSetsTheFirstPassword_onlyAfterActiveWasProven() {
        bench.manager.previous = null;
        bench.live.remove("app2@db1");
        bench.second = Optional.of(new RotationRequest.SecondAccount("app2", Optional.empty()));
        bench.admin = Optional.of(new RotationRequest.Admin("root", "Admin-1", List.of("db1"), false));
        bench.accept("root", "Admin-1");
        RotationReport report = bench.run();
        assertEquals(List.of("start", "open app Active", "survey app", "open root Admin", "survey app2", "store app2 new1", "change app2 >new1",
                "open app2 new1",
                "complete"), bench.calls);
        assertEquals(List.of("password: no value of the chain works; the administrator resets it, as secondAccount without a password asks for"),
                report.warnings());
        Bench refused = TurnsStepsTest.turns();
        refused.manager.previous = null;
        refused.second = bench.second;
        refused.admin = bench.admin;
        refused.accept("app", "Elsewhere-1");
        refused.accept("root", "Admin-1");
        assertEquals(ErrorCode.DRIFTED, error(refused.run()).code());
        assertTrue(refused.calls.stream().noneMatch(call -> call.startsWith("open root")), refused.calls.toString());
        assertTrue(error(refused.run()).fix().startsWith("set the password of app2"));
    }

    @Test
    void r12_anAdministratorWithoutResetDoesNotReplaceAPasswordThatTheChainKnows() {
        bench.admin = Optional.of(new RotationRequest.Admin("root", "Admin-1", List.of("db1"), false));
        bench.accept("root", "Admin-1");
        bench.accept("app2", "Elsewhere-1");
        assertEquals(ErrorCode.DRIFTED, error(bench.run()).code());
        assertTrue(bench.calls.stream().noneMatch(call -> call.startsWith("open root")), bench.calls.toString());
    }

    @Test
    void r4_aFirstPasswordHasNoneToPutBack_andTheJobIsLeftOpen() {
        bench.manager.previous = null;
        bench.live.remove("app2@db1");
        bench.second = Optional.of(new RotationRequest.SecondAccount("app2", Optional.empty()));
        bench.admin = Optional.of(new RotationRequest.Admin("root", "Admin-1", List.of("db1"), false));
        bench.accept("root", "Admin-1");
        bench.on("complete", BenchManager.REFUSED);
        RotationReport report = bench.run();
        assertEquals(RotationReport.Job.LEFT_OPEN, report.job());
        assertEquals(List.of("complete", "read", "read"), bench.from("complete"));
        assertTrue(report.warnings().contains("password: the second account's value could not be put back: MISCONFIGURED, there is no value to put back:"
                + " the account had none that is known"), report.warnings().toString());
    }

    @Test
    void r4_anAccountWithoutAPasswordHasNoneToProve() {
        bench.manager.previous = null;
        bench.live.remove("app2@db1");
        bench.second = Optional.of(new RotationRequest.SecondAccount("app2", Optional.empty()));
        bench.admin = Optional.of(new RotationRequest.Admin("root", "Admin-1", List.of("db1"), false));
        bench.accept("root", "Admin-1");
        bench.on("change", Kind.FORBIDDEN);
        RotationReport report = bench.run();
        assertEquals(RotationReport.Job.FAILED, report.job());
        assertTrue(report.warnings().contains("password: the second account's value is not proven to work: MISCONFIGURED, there is no second account's value"),
                report.warnings().toString());
    }
}
