package dev.keyturn.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.keyturn.testkit.JobState;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Fifty secrets are due at once, and Secret Manager lets fewer calls through than they need. Counts only, no times. */
class ThrottleTest {

    private static final int SECRETS = 50;
    private static final int CALLS_A_SECOND = 20;
    // In the 40 s that a rotation may wait, with the shortest pauses that the engine makes: 0.4, 0.8 and 1.6 s, then 2.5 s each.
    private static final int MAX_TRIES = 18;

    @Test
    void whenSecretManagerThrottles_noAccountIsLostAndRetriesAreBounded() throws Exception {
        try (ManyAccounts accounts = new ManyAccounts(SECRETS)) {
            ManyAtOnceThrottled.Wave wave = ManyAtOnceThrottled.Wave.of(accounts, CALLS_A_SECOND, SECRETS);

            assertTrue(wave.passed() < wave.calls().size(), "nothing was throttled: this test tests nothing");
            assertEquals(Map.of("completed", (long) SECRETS), wave.jobsByEnd(), "waiting is enough: there is time for all of them");
            assertEquals(SECRETS, accounts.working(), "a 429 is no reason to leave an account behind");
            assertTrue(wave.most() <= MAX_TRIES, "calls for one step of one rotation: " + wave.most());
            wave.jobs().keySet().forEach(secretId -> assertEquals(JobState.COMPLETED, accounts.lastJob(secretId)));
        }
    }
}
