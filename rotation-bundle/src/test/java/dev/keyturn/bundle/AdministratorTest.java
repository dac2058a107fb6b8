package dev.keyturn.bundle;

import static dev.keyturn.bundle.Failed.error;
import static dev.keyturn.bundle.Failed.hurried;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.engine.action.ActionRun;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** R12: where an administrator's password goes, when, and what for. */
class AdministratorTest {

    @Test
    void r12_aSecretWithARogueHostGetsNoAdministrator() {
        try (Scene scene = new Scene()) {
            ObjectNode arguments = scene.arguments();
            arguments.putObject("admin").put("user", Scene.SERVER.adminUser()).put("password", Scene.SERVER.adminPassword())
                    .putArray("hosts").add("db.example.com");
            long before = Scene.SERVER.acceptedLogins(Scene.SERVER.adminUser());
            error(Scene.rotate(arguments), 1, "failed", "KT-503");
            assertEquals(before, Scene.SERVER.acceptedLogins(Scene.SERVER.adminUser()));
        }
    }

    @Test
    void r12_theAdministratorComesOnlyAfterActiveWasProven() {
        try (Scene scene = new Scene(); SilentHost rogue = new SilentHost()) {
            scene.active.put("cdbPort", rogue.port());
            scene.secret(null, null);
            ObjectNode arguments = hurried(scene);
            arguments.putObject("admin").put("user", "root").put("password", "Admin-Secret-1").putArray("hosts").add("localhost");
            error(Scene.rotate(arguments), 1, "failed", "KT-513");
            assertEquals(1, rogue.connections.get(), "one login of the account, none of the administrator");
        }
    }

    @Test
    void theAdministratorChangesTheAccount() {
        try (Scene scene = new Scene()) {
            ObjectNode arguments = scene.arguments();
            arguments.putObject("admin").put("user", Scene.SERVER.adminUser()).put("password", Scene.SERVER.adminPassword())
                    .putArray("hosts").add("localhost:" + Scene.SERVER.port());
            ActionRun.Ended ended = Scene.rotate(arguments);
            assertEquals(0, ended.exitCode(), ended.document().toPrettyString());
            assertTrue(scene.activeWorks());
            assertFalse(scene.accepts(scene.oldPassword));
        }
    }

    @Test
    void theAdministratorResetsOnlyWhenTold() {
        try (Scene scene = new Scene()) {
            scene.active.put(Scene.KEY, "not-the-password");
            scene.secret(null, null);
            ObjectNode arguments = scene.arguments();
            ObjectNode admin = arguments.putObject("admin").put("user", Scene.SERVER.adminUser()).put("password", Scene.SERVER.adminPassword());
            admin.putArray("hosts").add("localhost");
            error(Scene.rotate(arguments), 1, "failed", "KT-501");
            admin.put("reset", true);
            ActionRun.Ended ended = Scene.rotate(arguments.put("jobToken", scene.manager.trigger(scene.secretId)));
            assertEquals(0, ended.exitCode(), ended.document().toPrettyString());
            assertTrue(scene.activeWorks());
        }
    }
}
