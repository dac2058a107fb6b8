package dev.keyturn.engine;

import dev.keyturn.api.TargetException;

/**
 * Every error that a run can end with. Codes are an interface: they are never reused, and {@code docs/errors.md} explains
 * each.
 */
public enum ErrorCode {
    /** The arguments are not a JSON object. */
    NOT_JSON(101, FailureKind.ARGUMENT, "pass one JSON object; docs/parameters.md lists what may stand in it"),
    /** An argument that must be there is not. */
    ARGUMENT_MISSING(102, FailureKind.ARGUMENT, "add the argument; docs/parameters.md lists them all"),
    /** An argument has the wrong type or a value that it cannot have. */
    ARGUMENT_WRONG(103, FailureKind.ARGUMENT, "correct the argument; docs/parameters.md lists them all"),
    /** An argument that nobody knows. */
    ARGUMENT_UNKNOWN(104, FailureKind.ARGUMENT, "correct its name or take it out"),

    /** No plugin of the wanted type. */
    NO_PLUGIN(201, FailureKind.PLUGIN, "add the plugin's jar to the bundle, or correct targetType"),
    /** Two plugins of one type. */
    TWO_PLUGINS(202, FailureKind.PLUGIN, "leave one of the jars out"),
    /** The wanted plugin is there and cannot be used. */
    BROKEN_PLUGIN(203, FailureKind.PLUGIN, "rebuild the bundle with what the plugin needs"),
    /** There are several plugins, and the arguments name none. */
    WHICH_PLUGIN(204, FailureKind.PLUGIN, "name one of the types in targetType"),
    /** A type that the platform itself offers no way for. */
    UNSUPPORTED_TARGET(205, FailureKind.PLUGIN, "rotate this password by hand"),

    /** Secret Manager refused the start. */
    START_REFUSED(301, FailureKind.SECRET_MANAGER,
            "check accessKey, secretKey, endpoint, outbound access to it, secretId and jobToken; a job that another run has started or ended cannot be started again"),
    /** Whether the job started is not known. */
    START_UNKNOWN(302, FailureKind.SECRET_MANAGER,
            "check endpoint and outbound access to port 443; if the secret stays \"in progress\", note its pending value if it has one,"
                    + " cancel the job and run it again"),
    /** Secret Manager did not take the pending value. */
    PENDING_NOT_STORED(303, FailureKind.SECRET_MANAGER,
            "run the job again; the target was not touched. If that is refused as well, see whether another job of the secret is in progress,"
                    + " and what stands in its pending stage"),
    /** Secret Manager refused to complete; the old value is back. */
    COMPLETE_REFUSED(304, FailureKind.SECRET_MANAGER,
            "see to what Secret Manager's answer names (the key's rights, or the state of secret and job), then run the job again"),
    /** Whether the job was completed is not known. */
    COMPLETE_UNKNOWN(305, FailureKind.SECRET_MANAGER,
            "look at the secret: with an empty pending stage and no job in progress, complete has arrived and all is well; else retry the job. Do not"
                    + " cancel it, and do not clear pending: the new value is the one that works"),
    /** Secret Manager's random value was not to be had. */
    RANDOM_REFUSED(306, FailureKind.SECRET_MANAGER, "use \"generator\": \"local\", which needs no call"),
    /** The new secret would be too large. */
    SECRET_TOO_LARGE(307, FailureKind.MISCONFIGURED, "Secret Manager holds at most 10,000 bytes; shorten other fields"),
    /** A check could not read the chain. */
    CHAIN_NOT_READ(308, FailureKind.SECRET_MANAGER,
            "check accessKey, secretKey, endpoint and secretId; where the key may not read the secret, give the chain with --chain"),

    /** The secret is not what a rotation needs. */
    SECRET_UNREADABLE(401, FailureKind.MISCONFIGURED, "the active stage must hold a JSON object; correct it in Secret Manager"),
    /** A field that the plugin needs is not in the secret. */
    FIELD_MISSING(402, FailureKind.MISCONFIGURED, "add the field to the secret, or name its key with the argument \"fields\""),
    /** Two keys of the secret could be the same field. */
    FIELD_AMBIGUOUS(403, FailureKind.MISCONFIGURED, "say which one it is with the argument \"fields\""),
    /** Nothing rotates. */
    NO_ROTATING_KEY(404, FailureKind.MISCONFIGURED, "choose at least one rotation target of the secret in Secret Manager"),
    /** A rotating key that cannot rotate. */
    KEY_CANNOT_ROTATE(405, FailureKind.MISCONFIGURED, "choose the key that holds the password as the secret's rotation target"),
    /** Two accounts are to take turns, and only one is known. */
    NO_SECOND_ACCOUNT(406, FailureKind.MISCONFIGURED,
            "give the argument \"secondAccount\" for the first rotation: an account of its own with the same rights, and its password"),
    /** Pending is of an account whose turn it is not. */
    PENDING_OF_ANOTHER(407, FailureKind.MISCONFIGURED,
            "name that account in \"secondAccount\" to go on with it, or remove the pending value in Secret Manager if that account is not needed"),

    /** No value of the chain works. */
    DRIFTED(501, FailureKind.DRIFTED,
            "check host and user in the secret; then set the account's password to the active value by hand, or put the one that works into the"
                    + " active stage, and run the job again; see docs/errors.md"),
    /** The time ran out before anything was changed. */
    DEADLINE(502, FailureKind.DEADLINE, "raise timeoutMillis, and the action's own limit above it, or find out what was slow"),
    /** The administrator may not be used here. */
    ADMIN_NOT_HERE(503, FailureKind.MISCONFIGURED, "add the host to admin.hosts if the secret's host is right; if it is not, somebody edited the secret"),

    /** Two values at a time were asked for, and cannot be had. */
    NO_OVERLAP(504, FailureKind.MISCONFIGURED, "grant the account what its plugin's README names for overlap, or set \"overlap\" to \"auto\""),

    /** The account whose turn it is may do less than the active one. */
    RIGHTS_DIFFER(505, FailureKind.FORBIDDEN, "grant the idle account what the active one has, then run the job again"),

    /** The target said that a password is wrong. */
    TARGET_REJECTED(511, FailureKind.REJECTED, "correct the credential that was refused"),
    /** The account cannot be used now. */
    TARGET_LOCKED(512, FailureKind.LOCKED, "unlock or enable the account, then run the job again"),
    /** No answer from the target. */
    TARGET_UNREACHABLE(513, FailureKind.UNREACHABLE, "check host, port, the target's firewall rules and the action's subnet, then run the job again"),
    /** The target does not take the new value. */
    TARGET_VALUE_REFUSED(514, FailureKind.VALUE_REFUSED, "give the target's policy with the argument \"password\" (length, excludeCharacters)"),
    /** A right is missing. */
    TARGET_FORBIDDEN(515, FailureKind.FORBIDDEN, "grant the account the right to change its password, or pass \"admin\""),
    /** The node takes no changes. */
    TARGET_READ_ONLY(516, FailureKind.READ_ONLY, "point the secret at the primary"),
    /** Something has to be corrected. */
    TARGET_MISCONFIGURED(517, FailureKind.MISCONFIGURED, "correct what the message names, then run the job again"),
    /** A login that proves nothing. */
    TARGET_NOT_PROVABLE(518, FailureKind.NOT_PROVABLE, "make the target ask this account for its password, and connect to it directly"),
    /** Somebody else changed the account. */
    TARGET_CONFLICT(519, FailureKind.CONFLICT, "wait for the other run to end, then run the job again"),
    /** It may have happened. */
    TARGET_UNKNOWN(520, FailureKind.UNKNOWN, "run the job again: it finds out what happened"),

    /** The new value works and could not be put back. */
    NOT_PUT_BACK(601, FailureKind.UNKNOWN,
            "mend what the message names, then retry the job: it resumes from the pending value. Do not clear pending; do not cancel before"
                    + " you have noted its value"),
    /** A mistake of ours. */
    INTERNAL(901, FailureKind.UNKNOWN, "report it, with the lines of the log");

    private final int number;
    private final FailureKind kind;
    private final String fix;

    ErrorCode(int number, FailureKind kind, String fix) {
        this.number = number;
        this.kind = kind;
        this.fix = fix;
    }

    /**
     * The code as people see it.
     *
     * @return {@code KT-} and three digits
     */
    public String id() {
        return "KT-" + number;
    }

    /**
     * The kind of failure that it is.
     *
     * @return the kind
     */
    public FailureKind kind() {
        return kind;
    }

    /**
     * What to do, where nothing better is known.
     *
     * @return a sentence
     */
    public String fix() {
        return fix;
    }

    /**
     * The code for what a target answered.
     *
     * @param kind the SPI's kind
     * @return the code
     */
    public static ErrorCode of(TargetException.Kind kind) {
        return switch (kind) {
            case REJECTED -> TARGET_REJECTED;
            case LOCKED -> TARGET_LOCKED;
            case UNREACHABLE -> TARGET_UNREACHABLE;
            case VALUE_REFUSED -> TARGET_VALUE_REFUSED;
            case FORBIDDEN -> TARGET_FORBIDDEN;
            case READ_ONLY -> TARGET_READ_ONLY;
            case MISCONFIGURED -> TARGET_MISCONFIGURED;
            case NOT_PROVABLE -> TARGET_NOT_PROVABLE;
            case CONFLICT -> TARGET_CONFLICT;
            case UNKNOWN -> TARGET_UNKNOWN;
        };
    }
}
