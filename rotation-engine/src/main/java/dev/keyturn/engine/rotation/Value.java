package dev.keyturn.engine.rotation;

/** Which of the values of the account that a rotation changes. Where in the chain each stands, {@link Values} knows. */
enum Value {
    /** The one before the current: previous. With turns, the second account's as the arguments give it. */
    FORMER,
    /** The one that it has as long as nobody changes it, and that is put back: active. With turns, the idle account's, which is previous. */
    CURRENT,
    /** The one that this rotation, or a killed one before it, is about to make the account's. */
    PENDING
}
