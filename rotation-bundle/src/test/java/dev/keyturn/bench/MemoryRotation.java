package dev.keyturn.bench;

import dev.keyturn.api.Credential;
import dev.keyturn.api.TlsSettings;
import dev.keyturn.engine.Redactor;
import dev.keyturn.engine.plugin.Plugin;
import dev.keyturn.engine.rotation.Progress;
import dev.keyturn.engine.rotation.Rotation;
import dev.keyturn.engine.rotation.RotationReport;
import dev.keyturn.engine.rotation.RotationRequest;
import dev.keyturn.engine.rotation.RotationRequest.Generator;
import dev.keyturn.engine.rotation.RotationRequest.Overlap;
import dev.keyturn.engine.rotation.RotationRequest.Target;
import dev.keyturn.engine.rotation.Ticker;
import dev.keyturn.engine.secretmanager.Json;
import dev.keyturn.engine.secretmanager.SecretManager;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Logger;
import tools.jackson.databind.node.ObjectNode;

/** One secret with its accounts, all in memory, that is rotated again and again. The engine is the real one. */
final class MemoryRotation {

    // Held, because the setting is forgotten with the logger. The lines are made, and nobody writes them anywhere.
    private static final Logger LOG = Logger.getLogger("dev.keyturn");

    private final SecretManager manager;
    private final RotationRequest request;

    private MemoryRotation(SecretManager manager, Map<String, Target> targets) {
        LOG.setUseParentHandlers(false);
        this.manager = manager;
        this.request = new RotationRequest("secret", "0123456789-job-token", Generator.LOCAL, 60_000, 3, Optional.empty(), targets, List.of());
    }

    /**
     * A secret that rotates so many keys, each an account of its own.
     *
     * @param keys all keys of its document: two for each account, the rest only stand there
     * @param bytes of its document, about
     */
    static MemoryRotation of(int rotating, int keys, int bytes) {
        MemoryTarget target = new MemoryTarget();
        Plugin plugin = new Plugin(target, target.type(), "1.0", MemoryTarget.class.getName());
        ObjectNode active = Json.object();
        Map<String, Target> targets = new LinkedHashMap<>();
        for (int i = 0; i < rotating; i++) {
            String user = "account-" + i;
            target.create(user, "The-old-Passw0rd-" + i);
            active.put("user-" + i, user).put("secret-" + i, "The-old-Passw0rd-" + i);
            targets.put("secret-" + i, new Target(plugin, Map.of(Credential.USER, "user-" + i), null, "", TlsSettings.verify(), Map.of(), List.of(),
                    Optional.empty(), Overlap.AUTO, Optional.empty()));
        }
        int fillers = keys - active.size();
        for (int i = 0; i < fillers; i++) {
            // Of what is still missing, this key's part; its name and punctuation take 16.
            int part = (bytes - Json.text(active).length()) / (fillers - i);
            active.put("filler-" + (100 + i), "x".repeat(Math.max(1, part - 16)));
        }
        return new MemoryRotation(new MemorySecretManager(active, new ArrayList<>(targets.keySet())), targets);
    }

    /** One rotation, as an activation does it: nothing is kept from the one before but the secret itself. */
    RotationReport rotate() {
        RotationReport report = new Rotation(manager, new Redactor(), Progress.NONE, Ticker.SYSTEM, new SecureRandom()).run(request);
        if (!report.done()) {
            throw new IllegalStateException("not rotated: " + report);
        }
        return report;
    }
}
