package dev.keyturn.crash;

/** The server that the cases are played against has ended: what they say from then on says nothing of the action. */
final class Gone extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Gone(Server.Kind kind) {
        super(kind.label() + ": the server's process has ended; its other cases were not played");
    }
}
