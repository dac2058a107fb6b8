package dev.keyturn.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.engine.action.ActionRun;
import dev.keyturn.testkit.CallRecord;
import dev.keyturn.testkit.Fault;
import dev.keyturn.testkit.Operation;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Where a new value comes from. */
class GeneratorTest {

    private static final String FITS = "(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])(?=.*[!#*_=^~-])[A-Za-z0-9!#*_=^~-]{%d}";

    @Test
    void local_keepsToTheRulesAndTheArguments() {
        try (Scene scene = new Scene()) {
            var arguments = scene.arguments();
            arguments.putObject("password").put("length", 12).put("excludeCharacters", "abcXYZ#");
            assertEquals(0, Scene.rotate(arguments).exitCode());
            assertTrue(scene.activePassword().matches(FITS.formatted(12)), "length and classes");
            assertFalse(scene.activePassword().matches(".*[abcXYZ#].*"), "excluded characters");
        }
    }

    @Test
    void service_isAskedWithoutSpaceAndTheResultIsRead() {
        try (Scene scene = new Scene()) {
            ActionRun.Ended ended = Scene.rotate(scene.arguments().put("generator", "service"));
            assertEquals(0, ended.exitCode(), ended.document().toPrettyString());
            assertEquals(List.of(Operation.START, Operation.GENERATE_RANDOM, Operation.UPDATE_PENDING, Operation.COMPLETE), scene.calls());
            JsonNode asked = Scene.JSON.readTree(scene.manager.calls().stream()
                    .filter(call -> call.operation() == Operation.GENERATE_RANDOM).map(CallRecord::body).findFirst().orElseThrow());
            assertFalse(asked.path("includeSpace").booleanValue(true));
            assertTrue(scene.activePassword().matches(FITS.formatted(20)), "what was asked for");
            assertTrue(scene.activeWorks());
        }
    }

    @Test
    void service_refusedIsNotReplacedByAGuess() {
        try (Scene scene = new Scene()) {
            scene.manager.on(Operation.GENERATE_RANDOM).beforeEffect(Fault.status(403));
            ActionRun.Ended ended = Scene.rotate(scene.arguments().put("generator", "service"));
            assertEquals("KT-306", ended.document().path("error").path("code").stringValue(), ended.document().toPrettyString());
            assertEquals(List.of(Operation.START, Operation.GENERATE_RANDOM, Operation.FAIL), scene.calls());
        }
    }

    @Test
    void auto_whatBreaksTheRulesIsReplacedBeforeTheTargetHearsOfIt() {
        try (Scene scene = new Scene()) {
            // The platform's own values have characters that the rules leave out; so does the local Secret Manager's.
            ActionRun.Ended ended = Scene.rotate(scene.arguments().put("generator", "auto"));
            assertEquals(0, ended.exitCode(), ended.document().toPrettyString());
            assertEquals(Operation.ADD_PENDING, scene.calls().get(1));
            boolean replaced = scene.calls().contains(Operation.UPDATE_PENDING);
            assertEquals(replaced, ended.document().path("warnings").toString().contains("is replaced"));
            assertTrue(scene.activePassword().matches("[A-Za-z0-9!#*_=^~-]{8,20}"), "within the safe alphabet");
            assertTrue(scene.activeWorks());
        }
    }

    @Test
    void auto_isNotUsedWherePendingWasFound() {
        try (Scene scene = new Scene()) {
            scene.secret(null, "Pending-Value-9!");
            assertEquals(0, Scene.rotate(scene.arguments().put("generator", "auto")).exitCode());
            assertFalse(scene.calls().contains(Operation.ADD_PENDING));
            assertEquals("Pending-Value-9!", scene.activePassword());
        }
    }
}
