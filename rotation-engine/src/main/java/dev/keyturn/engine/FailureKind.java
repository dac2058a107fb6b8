package dev.keyturn.engine;

import dev.keyturn.api.TargetException;

/** Why a rotation did not happen: the kinds of the SPI, and those that only the engine knows. */
public enum FailureKind {
    /** An argument is missing, mistyped or makes no sense. */
    ARGUMENT,
    /** A plugin is missing, broken or stands twice on the class path. */
    PLUGIN,
    /** Secret Manager refused a call or did not answer. */
    SECRET_MANAGER,
    /** No value of the chain works on the target. */
    DRIFTED,
    /** The time ran out. */
    DEADLINE,
    /** See {@link TargetException.Kind#REJECTED}. */
    REJECTED,
    /** See {@link TargetException.Kind#LOCKED}. */
    LOCKED,
    /** See {@link TargetException.Kind#UNREACHABLE}. */
    UNREACHABLE,
    /** See {@link TargetException.Kind#VALUE_REFUSED}. */
    VALUE_REFUSED,
    /** See {@link TargetException.Kind#FORBIDDEN}. */
    FORBIDDEN,
    /** See {@link TargetException.Kind#READ_ONLY}. */
    READ_ONLY,
    /** See {@link TargetException.Kind#MISCONFIGURED}. */
    MISCONFIGURED,
    /** See {@link TargetException.Kind#NOT_PROVABLE}. */
    NOT_PROVABLE,
    /** See {@link TargetException.Kind#CONFLICT}. */
    CONFLICT,
    /** See {@link TargetException.Kind#UNKNOWN}. */
    UNKNOWN
}
