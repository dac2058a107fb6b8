package dev.keyturn.engine.statespace;

/**
 * The process that runs the engine is gone. A VirtualMachineError, because that is what the engine lets through from wherever it
 * is thrown, also from a plugin's thread; and because nothing in it may run on as if nothing had happened.
 */
final class Crash extends VirtualMachineError {

    private static final long serialVersionUID = 1L;

    Crash() {
        super("crash");
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
