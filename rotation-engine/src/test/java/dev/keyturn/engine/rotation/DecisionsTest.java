package dev.keyturn.engine.rotation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.engine.rotation.Decisions.AfterChange;
import dev.keyturn.engine.rotation.Decisions.AfterLogin;
import dev.keyturn.engine.rotation.Decisions.AfterProbe;
import dev.keyturn.engine.rotation.Decisions.Completion;
import dev.keyturn.engine.rotation.Decisions.Ending;
import dev.keyturn.engine.rotation.Decisions.StartOutcome;
import dev.keyturn.engine.secretmanager.Json;
import dev.keyturn.engine.secretmanager.Reply;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The decisions as tables. The walks show that they keep the rules together; this shows which one is wrong. */
class DecisionsTest {

    private static final Reply SUCCESS = new Reply.Success(Json.object());
    private static final Reply REFUSED = new Reply.Refused(400, "", "refused");
    private static final Reply UNCLEAR = new Reply.Unclear("no answer");
    private static final Reply NOT_DONE = new Reply.NotDone("no connection");
    private static final Reply THROTTLED = new Reply.Throttled("too many requests");

    @Test
    void r6_activeIsTriedFirst_unlessAKilledRunMayHaveChangedIt() {
        assertEquals(List.of(Value.CURRENT, Value.FORMER), Decisions.loginOrder(false));
        assertEquals(List.of(Value.PENDING, Value.CURRENT, Value.FORMER), Decisions.loginOrder(true));
    }

    @Test
    void r5_r6_onlyAWrongPasswordLeadsOn_andOnlyWithinTheBudget() {
        assertEquals(AfterLogin.USE, Decisions.afterLogin(null, 3, 3));
        for (Kind kind : Kind.values()) {
            assertEquals(kind == Kind.REJECTED ? AfterLogin.TRY_NEXT : AfterLogin.STOP, Decisions.afterLogin(kind, 2, 3), kind.name());
            assertEquals(AfterLogin.STOP, Decisions.afterLogin(kind, 3, 3), kind.name());
        }
    }

    @Test
    void r5_whatMayHaveHappenedIsFoundOut_andOnlyADefiniteRefusalIsBelieved() {
        Set<Kind> unclear = EnumSet.of(Kind.UNKNOWN, Kind.UNREACHABLE, Kind.CONFLICT);
        for (Kind kind : Kind.values()) {
            AfterChange expected = unclear.contains(kind) ? AfterChange.PROBE : AfterChange.REFUSED;
            assertEquals(expected, Decisions.afterChange(kind, false), kind.name());
            assertEquals(kind == Kind.VALUE_REFUSED ? AfterChange.NEW_VALUE : expected, Decisions.afterChange(kind, true), kind.name());
        }
    }

    @Test
    void r7_notDoneIsConcludedOnlyWhenTheServersLimitHasPassed() {
        assertEquals(AfterProbe.WAIT_THEN_ASK_ACTIVE, Decisions.afterProbe(Kind.REJECTED, false, true));
        assertEquals(AfterProbe.ASK_ACTIVE, Decisions.afterProbe(Kind.REJECTED, true, true));
        for (Kind kind : EnumSet.complementOf(EnumSet.of(Kind.REJECTED))) {
            boolean again = kind == Kind.UNREACHABLE || kind == Kind.UNKNOWN;
            assertEquals(again ? AfterProbe.AGAIN : AfterProbe.GIVE_UP, Decisions.afterProbe(kind, true, true), kind.name());
            assertEquals(AfterProbe.GIVE_UP, Decisions.afterProbe(kind, true, false), kind.name());
        }
    }

    @Test
    void aCallIsRepeatedOnlyWithoutAnAnswer_withTimeLeft_andSixTimesAtMost_butWhereItWaits() {
        for (Reply reply : List.of(UNCLEAR, NOT_DONE, THROTTLED)) {
            assertTrue(Decisions.repeat(reply, 5, true, false));
            assertFalse(Decisions.repeat(reply, 6, true, false));
            assertTrue(Decisions.repeat(reply, 60, true, true));
            assertFalse(Decisions.repeat(reply, 1, false, true));
        }
        assertFalse(Decisions.repeat(SUCCESS, 1, true, true));
        assertFalse(Decisions.repeat(REFUSED, 1, true, true));
    }

    @Test
    void thePauseDoubles_toFiveSecondsAtMost_andHalfOfItIsChance() {
        assertEquals(List.of(200L, 400L, 800L, 1_600L, 3_200L, 5_000L, 5_000L),
                List.of(1, 2, 3, 4, 5, 6, 60).stream().map(tries -> Decisions.backoff(tries, false, 1)).toList());
        assertEquals(List.of(800L, 1_600L, 3_200L, 5_000L), List.of(1, 2, 3, 4).stream().map(tries -> Decisions.backoff(tries, true, 1)).toList());
        assertEquals(List.of(100L, 150L), List.of(0.0, 0.5).stream().map(random -> Decisions.backoff(1, false, random)).toList());
    }

    @Test
    void r7_aRefusalThatAnswersARepeatIsNone_andTheChainHasTheLastWord() {
        for (Reply last : List.of(REFUSED, NOT_DONE, THROTTLED, UNCLEAR)) {
            for (boolean maybeDone : new boolean[] {false, true}) {
                Completion blind = last == UNCLEAR || maybeDone ? Completion.UNKNOWN : Completion.REFUSED;
                assertEquals(blind, Decisions.completion(last, maybeDone, null));
                assertEquals(blind, Decisions.completion(last, maybeDone, false));
                assertEquals(Completion.DONE, Decisions.completion(last, maybeDone, true));
            }
        }
    }

    @Test
    void r7_failIsCalledOnlyWhereItCannotCostAnAccount() {
        for (boolean atRisk : new boolean[] {false, true}) {
            for (boolean unknown : new boolean[] {false, true}) {
                assertEquals(Ending.NOT_STARTED, Decisions.ending(StartOutcome.NOT_DONE, unknown, atRisk));
                assertEquals(Ending.UNKNOWN, Decisions.ending(StartOutcome.UNKNOWN, unknown, atRisk));
            }
            assertEquals(Ending.UNKNOWN, Decisions.ending(StartOutcome.DONE, true, atRisk));
        }
        assertEquals(Ending.LEAVE_OPEN, Decisions.ending(StartOutcome.DONE, false, true));
        assertEquals(Ending.FAIL, Decisions.ending(StartOutcome.DONE, false, false));
    }

    @Test
    void r7_aStartThatMayHaveHappenedIsNotCalledRefused() {
        for (boolean maybeDone : new boolean[] {false, true}) {
            assertEquals(StartOutcome.DONE, Decisions.startOutcome(SUCCESS, maybeDone));
            assertEquals(StartOutcome.UNKNOWN, Decisions.startOutcome(UNCLEAR, maybeDone));
            assertEquals(maybeDone ? StartOutcome.UNKNOWN : StartOutcome.NOT_DONE, Decisions.startOutcome(REFUSED, maybeDone));
            assertEquals(maybeDone ? StartOutcome.UNKNOWN : StartOutcome.NOT_DONE, Decisions.startOutcome(NOT_DONE, maybeDone));
        }
    }
}
