package dev.keyturn.engine.rotation;

import dev.keyturn.api.TlsSettings;
import dev.keyturn.engine.plugin.Plugin;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one run is asked to do, checked and with its plugins found.
 *
 * @param secretId the secret
 * @param jobToken the job
 * @param generator where a new value comes from
 * @param timeoutMillis how long the whole run may take, in milliseconds
 * @param maxRefusedLogins how many refused logins an account may cost in the search for the live value
 * @param common how every rotating key is treated that {@code targets} does not name; empty if no plugin could be told
 * @param targets how single rotating keys are treated
 * @param warnings what was noticed in the arguments
 */
public record RotationRequest(String secretId, String jobToken, Generator generator, int timeoutMillis, int maxRefusedLogins,
        Optional<Target> common, Map<String, Target> targets, List<String> warnings) {

    /** Where a new value comes from. */
    public enum Generator {
        /** Made here, from the plugin's rules. */
        LOCAL,
        /** Secret Manager's Generate Random Secret. */
        SERVICE,
        /** Secret Manager's Add Pending Stage, which stores it at once. */
        AUTO
    }

    /** Whether the value that was active works until the next rotation, where a target can hold two (R10). */
    public enum Overlap {
        /** Where the target can. */
        AUTO,
        /** A target that cannot is an error, before anything is stored. */
        REQUIRED,
        /** The old value stops at once, and so does one that an earlier rotation kept. */
        OFF
    }

    /**
     * How one rotating key is treated.
     *
     * @param plugin the plugin
     * @param fields the plugin's field to the secret's key, where the usual names do not fit
     * @param length characters of a new value; null for the plugin's usual
     * @param excludeCharacters characters that a new value does not have
     * @param tls how connections are protected
     * @param options the plugin's own options
     * @param nodes every node that the change must be made on; empty for the one that the secret names
     * @param admin who makes the change, if the account may not
     * @param overlap whether the old value is to work until the next rotation
     * @param secondAccount the other of two accounts that take turns, where the chain does not know it yet
     */
    public record Target(Plugin plugin, Map<String, String> fields, @Nullable Integer length, String excludeCharacters,
            TlsSettings tls, Map<String, String> options, List<Node> nodes, Optional<Admin> admin, Overlap overlap, Optional<SecondAccount> secondAccount) {

        /** Shows no value of an option. */
        @Override
        public String toString() {
            return "Target[" + plugin + "]";
        }
    }

    /**
     * One address of a target.
     *
     * @param host name or address
     * @param port 1 to 65535
     */
    public record Node(String host, int port) {
        /** As in the argument. */
        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    /**
     * An administrator's credential. It goes to its hosts and to no other (R12).
     *
     * @param user its name
     * @param password its password
     * @param hosts host names, or {@code host:port}
     * @param reset whether it may set a password where no value of the chain works
     */
    public record Admin(String user, String password, List<String> hosts, boolean reset) {

        boolean mayGoTo(String host, int port) {
            return hosts.stream().anyMatch(allowed -> allowed.equalsIgnoreCase(host) || allowed.equalsIgnoreCase(host + ":" + port));
        }

        /** Shows no password. */
        @Override
        public String toString() {
            return "Admin[hosts " + hosts + "]";
        }
    }

    /**
     * The other of two accounts that take turns, for the first rotation.
     *
     * @param user its name
     * @param password the password that it has; empty where an administrator is to set one
     */
    public record SecondAccount(String user, Optional<String> password) {

        /** Shows no password. */
        @Override
        public String toString() {
            return "SecondAccount[" + user + "]";
        }
    }

    /** Shows the secret's id and the beginning of the token. */
    @Override
    public String toString() {
        return "secret " + secretId + ", job " + jobToken.substring(0, Math.min(8, jobToken.length()));
    }
}
