package dev.keyturn.engine.rotation;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a check found. No text holds a secret.
 *
 * @param secretId the secret; empty if the arguments named none
 * @param accounts the accounts that the secret's rotating keys stand for, as far as they could be told
 * @param wouldDo what a rotation would do now, in order; empty if it would not succeed
 * @param warnings what an operator should know
 * @param error why a rotation would not succeed; empty if nothing speaks against it
 */
public record CheckReport(String secretId, List<Finding> accounts, List<String> wouldDo, List<String> warnings,
        Optional<RotationReport.Error> error) {

    /**
     * One account on one node.
     *
     * @param label the rotating key, and the node where there are several
     * @param target type and address
     * @param user the account's name
     * @param stages each stage's value: works, refused, not tried, none
     * @param tls how the connection is protected: {@code verify}, {@code required} or {@code off}
     * @param ready whether a change could be made now, as the target says
     * @param admin whether an administrator would make the change
     * @param overlap whether the value that is active would work until the next rotation
     * @param rights what the account may do, in the target's own words; empty where it does not tell
     */
    public record Finding(String label, String target, String user, Map<Stage, String> stages, String tls, boolean ready, boolean admin,
            boolean overlap, List<String> rights) {
    }

    /**
     * Whether nothing speaks against a rotation now.
     *
     * @return true if there is no error
     */
    public boolean ok() {
        return error.isEmpty();
    }
}
