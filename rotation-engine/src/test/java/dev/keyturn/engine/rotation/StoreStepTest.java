package dev.keyturn.engine.rotation;

import static dev.keyturn.engine.rotation.LiveValueTest.error;
import static dev.keyturn.engine.rotation.LiveValueTest.outcome;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.engine.ErrorCode;
import dev.keyturn.engine.Step;
import dev.keyturn.engine.secretmanager.Json;
import dev.keyturn.engine.secretmanager.Reply;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** The pending stage: what is stored, and what counts as stored (R2). */
class StoreStepTest {

    private final Bench bench = new Bench();

    @Test
    void r2_onlyTheRotatingValueChanges_andTheValueIsHidden() {
        bench.manager.active.put("note", "kept");
        assertTrue(bench.run().done());
        String value = bench.manager.active.path("password").stringValue();
        assertEquals(Bench.document("app", value).put("note", "kept"), bench.manager.active);
        assertEquals("***", bench.redactor.clean(value));
        assertEquals("*** ***", bench.redactor.clean("Active-1 Previous-1"));
        assertEquals(20, value.length());
        assertEquals("stored", outcome(new Bench().run(), Step.PENDING));
    }

    @Test
    void r2_aStoreThatIsRefusedEndsTheJob() {
        bench.on("store", BenchManager.REFUSED);
        RotationReport report = bench.run();
        assertEquals(ErrorCode.PENDING_NOT_STORED, error(report).code());
        assertEquals("Secret Manager did not confirm the pending value: HTTP 400", error(report).message());
        assertEquals(List.of("store new1", "fail"), bench.from("store"));
    }

    @Test
    void r2_aStoreWithoutAnAnswerIsRepeated_andTheChainHasTheLastWord() {
        bench.on("store", BenchManager.UNCLEAR);
        assertTrue(bench.run().done());
        assertEquals(List.of("store new1", "store new1", "change app Active>new1"), bench.from("store").subList(0, 3));
        Bench silent = new Bench();
        silent.on("store", Collections.nCopies(6, BenchManager.UNCLEAR).toArray());
        RotationReport report = silent.run();
        assertEquals(List.of("store new1", "read", "fail"), silent.from("store").subList(5, 8));
        assertEquals("Secret Manager did not confirm the pending value: no answer", error(report).message());
        Bench blind = new Bench();
        blind.on("store", Collections.nCopies(6, BenchManager.UNCLEAR).toArray());
        blind.on("read", BenchManager.REFUSED);
        assertEquals(ErrorCode.PENDING_NOT_STORED, error(blind.run()).code());
    }

    @Test
    void r2_aReplyThatShowsAnotherValueIsNoConfirmation_unlessTheChainShowsOurs() {
        Reply another = new Reply.Success(Json.object().put("pending", Json.text(Bench.document("app", "Found-1"))));
        bench.on("store", another);
        RotationReport report = bench.run();
        assertEquals("Secret Manager did not confirm the pending value: its reply shows another pending value than the one that was sent",
                error(report).message());
        assertEquals(List.of("store new1", "read", "fail"), bench.from("store"));
        for (Reply useless : List.of(another, new Reply.Success(Json.object()), new Reply.Success(Json.object().put("pending", "no JSON")))) {
            Bench shown = new Bench();
            shown.on("store", useless);
            shown.on("read", (Runnable) () -> shown.manager.pending = Objects.requireNonNull(shown.manager.sent));
            assertTrue(shown.run().done(), useless.toString());
        }
    }

    @Test
    void r2_withTurnsTheUserMustBeStoredToo() {
        bench.manager.keys = List.of("user", "password");
        bench.manager.previous = Bench.document("app2", "Previous-1");
        bench.accept("app2", "Previous-1");
        bench.on("store", (Runnable) () -> bench.manager.forget = "user");
        RotationReport report = bench.run();
        assertEquals(ErrorCode.PENDING_NOT_STORED, error(report).code());
    }

    @Test
    void aSecretThatWouldGrowTooLargeIsNotSent() {
        bench.manager.active.put("note", "x".repeat(10_000 - Json.text(Bench.document("app", "x".repeat(20)).put("note", "")).length()));
        assertTrue(bench.run().done());
        Bench larger = new Bench();
        larger.manager.active.put("note", bench.manager.active.path("note").stringValue() + "y");
        RotationReport report = larger.run();
        assertEquals(ErrorCode.SECRET_TOO_LARGE, error(report).code());
        assertEquals("the secret with its new value has 10001 bytes, more than 10000; nothing was sent", error(report).message());
        assertEquals(List.of("start", "open app Active", "survey app", "fail"), larger.calls);
    }

    @Test
    void r2_aFoundValueThatTheTargetCannotHoldIsReplaced_onlyIfItIsLiveNowhere() {
        bench.manager.pending = Bench.document("app", "Found-\t");
        RotationReport report = bench.run();
        assertTrue(report.done());
        assertEquals(List.of("password: the pending value that was found cannot be used here (it has a control character) and is replaced"),
                report.warnings());
        assertTrue(bench.calls.contains("store new1"), bench.calls.toString());
        Bench live = new Bench();
        live.manager.pending = Bench.document("app", "Found-\t");
        live.accept("app", "Found-\t");
        live.run();
        assertTrue(live.calls.stream().noneMatch(call -> call.startsWith("store")), live.calls.toString());
    }

    @Test
    void r3_aFoundPendingThatLacksAKeyIsCompletedAndStored() {
        bench.manager.pending = Bench.document("app", "Found-1").put("host", "elsewhere");
        RotationReport report = bench.run();
        assertEquals(List.of("store Found", "change app Active>Found", "open app Found", "complete"), bench.from("store"));
        assertEquals("found, completed and stored", outcome(report, Step.PENDING));
        assertEquals("db1", bench.manager.active.path("host").stringValue());
        Bench same = new Bench();
        same.manager.pending = Bench.document("app", "Found-1");
        assertEquals("found in the chain and kept", outcome(same.run(), Step.PENDING));
    }

    @Test
    void service_theValueIsAskedFor_hiddenAndChecked() {
        bench.generator = RotationRequest.Generator.SERVICE;
        bench.length = 16;
        bench.on("random", random("Service1-made-it"));
        assertTrue(bench.run().done());
        assertEquals(List.of("random", "store new1"), bench.from("random").subList(0, 2));
        assertEquals("***", bench.redactor.clean("Service1-made-it"));
        Map<Reply, String> wrong = Map.of(random("too-Short1"), "Secret Manager's random value is not what was asked for: it has 10 characters, not 20",
                BenchManager.REFUSED, "Secret Manager made no random value: HTTP 400",
                new Reply.Success(Json.object()), "Secret Manager made no random value: done");
        wrong.forEach((reply, message) -> {
            Bench other = new Bench();
            other.generator = RotationRequest.Generator.SERVICE;
            other.on("random", reply);
            RotationReport report = other.run();
            assertEquals(ErrorCode.RANDOM_REFUSED, error(report).code());
            assertEquals(message, error(report).message());
            assertEquals(message.contains("10") ? "***" : "too-Short1", other.redactor.clean("too-Short1"));
        });
    }

    @Test
    void auto_whatTheServiceAddedIsUsedIfItFits_andReplacedIfNot() {
        bench.generator = RotationRequest.Generator.AUTO;
        RotationReport report = bench.run();
        assertEquals(List.of("add", "store new1"), bench.from("add").subList(0, 2));
        assertEquals("Added-by-service9", bench.manager.active.path("password").stringValue());
        assertEquals("***", bench.redactor.clean("Added-by-service9"));
        assertEquals(List.of(), report.warnings());
        Map<Reply, String> odd = Map.of(added(Bench.document("app", "has a space 1-A")),
                "password: the value that Secret Manager added does not fit (it has a character that was not asked for) and is replaced",
                added(Json.object()), "password: the value that Secret Manager added does not fit (it is missing) and is replaced",
                BenchManager.REFUSED, "Secret Manager added no pending value by itself; one was made here",
                new Reply.Success(Json.object()), "Secret Manager added no pending value by itself; one was made here");
        odd.forEach((reply, warning) -> {
            Bench other = new Bench();
            other.generator = RotationRequest.Generator.AUTO;
            other.on("add", reply);
            RotationReport ended = other.run();
            assertTrue(ended.done());
            assertEquals(List.of(warning), ended.warnings());
            assertEquals(warning.contains("character") ? "***" : "has a space 1-A", other.redactor.clean("has a space 1-A"));
            assertEquals(20, other.manager.active.path("password").stringValue().length());
        });
    }

    @Test
    void r7_auto_whatTheServiceAddedIsNoOtherRunsValue() {
        bench.generator = RotationRequest.Generator.AUTO;
        bench.on("store", BenchManager.REFUSED);
        bench.on("survey", (Runnable) () -> bench.live.put("app@db1", new HashSet<>(Set.of("Active-1"))));
        assertEquals(RotationReport.Job.FAILED, bench.run().job());
        assertFalse(bench.calls.contains("complete"));
    }

    @Test
    void auto_isNotUsedWhereAPendingValueWasFound() {
        bench.generator = RotationRequest.Generator.AUTO;
        bench.manager.pending = Bench.document("app", "Found-1");
        assertTrue(bench.run().done());
        assertFalse(bench.calls.contains("add"));
    }

    private static Reply random(String value) {
        return new Reply.Success(Json.object().put("randomString", value));
    }

    private static Reply added(ObjectNode document) {
        return new Reply.Success(Json.object().put("pending", Json.text(document)));
    }
}
