package dev.keyturn.engine.statespace;

/** The calls that the engine makes: the boundaries at which a run can be hit. */
enum Call {
    START, ADD, PUT, RANDOM, COMPLETE, FAIL, READ,
    OPEN, SURVEY, CHANGE, CLOSE;

    boolean toManager() {
        return compareTo(READ) <= 0;
    }
}
